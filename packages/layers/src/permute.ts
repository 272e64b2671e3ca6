import type { Layer } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { show } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * Axes of an example in another order: axis i of the output is axis `axes[i]` of the input, counted
 * from 1 as the batch axis is 0: `permute([2, 1])` exchanges two. Keras `Permute`.
 *
 * @throws RangeError in `plan`, if the input has another number of axes
 */
export function permute(axes: readonly number[]): Layer<Tensor> {
  noOptions("permute", arguments[1]);
  if (
    !Array.isArray(axes) ||
    ![...axes].every((axis) => Number.isInteger(axis) && axis >= 1 && axis <= axes.length) ||
    new Set(axes).size !== axes.length
  )
    throw badArgument("permute", "each axis from 1 once", shown(axes));
  return map(
    "permute",
    [axes],
    (x) => x.transpose([0, ...axes]),
    (input) => {
      if (input.length !== axes.length)
        throw badArgument("permute", `an input of ${axes.length} axes`, show(input));
    },
  );
}
