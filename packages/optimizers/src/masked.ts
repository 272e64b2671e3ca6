import type { Arithmetic, ByPath, Clock, Flow, Shape, SlotSpec, Transform } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import { checkTransform } from "./internal/checkTransform.js";
import { filterPaths, mapPaths } from "./internal/mapPaths.js";

/**
 * Applies a transform to some parameters only; the others' updates stay as they are.
 *
 * `chain(masked(adam(), isKernel), masked(sgd(), (path, shape) => !isKernel(path, shape)))` uses
 * two optimizers, and `masked(scale(0), isFrozen)` at the end freezes some parameters.
 *
 * @param only the parameters that it applies to, by path and shape
 * @throws RangeError if the first is not a transform or the second not a function
 */
export function masked(
  transform: Transform,
  only: (path: string, shape: Shape) => boolean,
): Transform {
  noOptions("masked", arguments[2]);
  checkTransform("masked", transform);
  if (typeof only !== "function")
    throw badArgument("masked", "a function of path and shape", shown(only));
  return {
    name: transform.name,
    slots: (shapes: ByPath<Shape>): ByPath<ByPath<SlotSpec>> =>
      transform.slots(filterPaths(shapes, (path) => only(path, shapes[path]!))),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const isSelected = (path: string): boolean =>
        params[path] !== undefined && only(path, params[path].shape);
      const after = transform.update(
        {
          updates: filterPaths(updates, isSelected),
          params: filterPaths(params, isSelected),
          slots,
        },
        clock,
      );
      return {
        updates: mapPaths(updates, (update, path) => after.updates[path] ?? update),
        params,
        slots: after.slots,
      };
    },
  };
}
