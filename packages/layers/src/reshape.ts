import type { Layer, Shape } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { show, sizeOf } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * An example's values in another shape, in row-major order. Keras `Reshape`, PyTorch `Unflatten`.
 *
 * @param shape of one example, without the batch axis; one size may be −1: what is left
 */
export function reshape(shape: Shape): Layer<Tensor> {
  noOptions("reshape", arguments[1]);
  if (!Array.isArray(shape))
    throw badArgument("reshape", "a shape, a list of integers", shown(shape));
  const open = shape.filter((n) => n === -1).length;
  if (open > 1 || ![...shape].every((n) => Number.isInteger(n) && (n >= 1 || n === -1)))
    throw badArgument(
      "reshape",
      "sizes that are integers ≥ 1, one of them perhaps −1",
      show(shape),
    );
  const fixed = sizeOf(shape.filter((n) => n !== -1));
  const to = (input: Shape): Shape => shape.map((n) => (n === -1 ? sizeOf(input) / fixed : n));
  return map(
    "reshape",
    [shape],
    (x) => x.reshape([x.shape[0]!, ...to(x.shape.slice(1))]),
    (input) => {
      if (open ? sizeOf(input) % fixed !== 0 : sizeOf(input) !== fixed)
        throw badArgument(
          "reshape",
          `${open ? `a multiple of ${fixed}` : fixed} values for ${show(shape)}`,
          `${show(input)} with ${sizeOf(input)}`,
        );
    },
  );
}
