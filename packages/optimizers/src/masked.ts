import type { Arithmetic, ByPath, Clock, Flow, Shape, SlotSpec, Transform } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import { aTransform } from "./internal/aTransform.js";
import { filterPaths, mapPaths } from "./internal/mapPaths.js";

/**
 * Lets a transform see only some parameters; the others' updates pass as they are.
 *
 * `chain(masked(adam(), isKernel), masked(sgd(), (path, shape) => !isKernel(path, shape)))` gives
 * each kind an optimizer of its own, and `masked(scale(0), isFrozen)` at the end holds some still.
 *
 * @param only which parameters it sees, by path and shape
 * @throws RangeError if the one is no transform or the other no function
 */
export function masked(
  transform: Transform,
  only: (path: string, shape: Shape) => boolean,
): Transform {
  noOptions("masked", arguments[2]);
  aTransform("masked", transform);
  if (typeof only !== "function")
    throw badArgument("masked", "a function of path and shape", shown(only));
  return {
    name: transform.name,
    slots: (shapes: ByPath<Shape>): ByPath<ByPath<SlotSpec>> =>
      transform.slots(filterPaths(shapes, (path) => only(path, shapes[path]!))),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const seen = (path: string): boolean =>
        params[path] !== undefined && only(path, params[path].shape);
      const after = transform.update(
        { updates: filterPaths(updates, seen), params: filterPaths(params, seen), slots },
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
