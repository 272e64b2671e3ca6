import type { ByPath, NDArray, Shape, Transform } from "@tenon/contracts";
import { plain, plainClock, type Plain } from "@tenon/testkit";
import { initSlots } from "../../initSlots.js";
import { mapPaths } from "../mapPaths.js";

/** For tests: an array with its shape. */
export interface Given {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/**
 * For tests: steps of a transform on float64 arrays, one operation at a time.
 */
export interface Eager {
  params: ByPath<Plain>;
  slots: ByPath<ByPath<Plain>>;
  /** Changes the parameters; returns the updates. */
  step(gradients: ByPath<Given>, loss?: number): ByPath<Plain>;
}

export const plainOf = ({ shape, data }: Given): Plain => plain(Array.from(data), shape);

export function eager(transform: Transform, start: ByPath<Given>): Eager {
  const arrays = mapPaths(start, ({ shape, data }): NDArray => ({
    shape,
    dtype: "float32",
    data: Float64Array.from(data),
  }));
  let step = 0;
  const run: Eager = {
    params: mapPaths(arrays, plainOf),
    slots: mapPaths(initSlots(transform, arrays), (byPath) => mapPaths(byPath, plainOf)),
    step(gradients, loss) {
      const { updates, slots } = transform.update<Plain>(
        { updates: mapPaths(gradients, plainOf), params: run.params, slots: run.slots },
        plainClock(step++, loss),
      );
      run.params = mapPaths(run.params, (w, path) => w.add(updates[path]!));
      run.slots = slots;
      return updates;
    },
  };
  return run;
}
