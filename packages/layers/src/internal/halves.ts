import { badArgument } from "@tenon/guards";
import { split, type Tensor } from "@tenon/tensor";
import { show } from "./check.js";

/** Both halves of an axis. Throws unless its size is even. */
export function halves(name: string, x: Tensor, axis: number): [Tensor, Tensor] {
  const along = axis < 0 ? axis + x.shape.length : axis;
  const size = x.shape[along];
  if (size === undefined || size % 2 !== 0)
    throw badArgument(name, `an even size along axis ${axis}`, show(x.shape));
  return split(x, [size / 2, size / 2], along) as [Tensor, Tensor];
}
