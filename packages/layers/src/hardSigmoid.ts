import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { elementwise } from "./internal/elementwise.js";
import { hardSigmoidOf } from "./internal/hardSigmoid.js";

/**
 * A sigmoid of three linear segments: y = min(max(x / 6 + ½, 0), 1). Keras `hard_sigmoid`, PyTorch
 * `Hardsigmoid`.
 *
 * Howard et al. (2019), Searching for MobileNetV3, section 5.2. arXiv:1905.02244
 */
export function hardSigmoid(): Activation {
  nothing("hardSigmoid", arguments);
  return bounded(
    elementwise("hardSigmoid", (x: Tensor) => hardSigmoidOf(x)),
    0,
    1,
  );
}
