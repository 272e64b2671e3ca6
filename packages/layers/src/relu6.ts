import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * Clips to [0, 6]: y = min(max(x, 0), 6). Its gradient at 0 and 6 is 0. Keras `relu6`, PyTorch
 * `ReLU6`.
 *
 * Howard et al. (2017), MobileNets. arXiv:1704.04861
 */
export function relu6(): Activation {
  nothing("relu6", arguments);
  return bounded(
    elementwise("relu6", (x: Tensor) => x.clamp(0, 6)),
    -Infinity,
    6,
  );
}
