import { badArgument, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { checkAxis, show } from "./internal/check.js";

export interface GluOptions {
  /** Which axis of the tensor, the batch axis counted. @defaultValue -1 */
  readonly axis?: number;
}

/**
 * Halves the axis: the second half decides how much of the first passes, y = a · σ(b).
 *
 * Dauphin et al. (2017), Language modeling with gated convolutional networks. arXiv:1612.08083
 */
export function glu(options: GluOptions = {}): Activation {
  const { axis = -1 } = known("glu", options, "axis");
  checkAxis("glu", axis);
  return activation(
    "glu",
    (x: Tensor) => {
      const along = axis < 0 ? axis + x.shape.length : axis;
      const size = x.shape[along];
      if (size === undefined || size % 2 !== 0)
        throw badArgument("glu", `an even size along axis ${axis}`, show(x.shape));
      const from = (start: number): number[] => x.shape.map((_, i) => (i === along ? start : 0));
      const to = (end: number): number[] => x.shape.map((n, i) => (i === along ? end : n));
      return x.slice(from(0), to(size / 2)).mul(x.slice(from(size / 2), to(size)).sigmoid());
    },
    options,
  );
}
