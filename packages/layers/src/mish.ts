import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { elementwise } from "./internal/elementwise.js";
import { softplusOf } from "./internal/softplus.js";

/**
 * y = x tanh(log(1 + eˣ)). Keras `mish`, PyTorch `Mish`.
 *
 * Misra (2019), Mish: a self regularized non-monotonic activation function. arXiv:1908.08681
 */
export function mish(): Activation {
  nothing("mish", arguments);
  return elementwise("mish", (x: Tensor) => x.mul(softplusOf(x).tanh()));
}
