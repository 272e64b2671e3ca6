import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { hardSigmoidOf } from "./internal/hardSigmoid.js";

/**
 * A sigmoid of three linear segments: y = min(max(x / 6 + ½, 0), 1).
 *
 * Howard et al. (2019), Searching for MobileNetV3, section 5.2. arXiv:1905.02244
 */
export function hardSigmoid(): Activation {
  nothing("hardSigmoid", arguments);
  return bounded(
    activation("hardSigmoid", (x: Tensor) => hardSigmoidOf(x)),
    0,
    1,
  );
}
