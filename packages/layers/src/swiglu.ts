import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { checkAxis } from "./internal/check.js";
import { halves } from "./internal/halves.js";

export interface SwigluOptions {
  /** Which axis of the tensor, the batch axis counted. @defaultValue -1 */
  readonly axis?: number;
}

/**
 * Halves the axis: the first half, through `silu`, decides how much of the second passes, y = a ·
 * σ(a) · b. Between two dense layers it makes a transformer's block of the second kind:
 * `dense(2 * hidden), swiglu(), dense(size)`.
 *
 * Shazeer (2020), GLU variants improve transformer. arXiv:2002.05202
 */
export function swiglu(options: SwigluOptions = {}): Activation {
  const { axis = -1 } = known("swiglu", options, "axis");
  checkAxis("swiglu", axis);
  return activation(
    "swiglu",
    (x: Tensor) => {
      const [a, b] = halves("swiglu", x, axis);
      return a.mul(a.sigmoid()).mul(b);
    },
    options,
  );
}
