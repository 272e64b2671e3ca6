import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { elementwise } from "./internal/elementwise.js";
import { hardSigmoidOf } from "./internal/hardSigmoid.js";

/**
 * Weighs x by its hard sigmoid: y = x min(max(x / 6 + ½, 0), 1). Keras `hard_silu`, PyTorch
 * `Hardswish`.
 *
 * Howard et al. (2019), Searching for MobileNetV3, section 5.2. arXiv:1905.02244
 */
export function hardSwish(): Activation {
  nothing("hardSwish", arguments);
  return elementwise("hardSwish", (x: Tensor) => x.mul(hardSigmoidOf(x)));
}
