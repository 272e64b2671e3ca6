import type { Arithmetic, ByPath, Clock, Flow, Shape, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { checkInner } from "./internal/checkTransform.js";
import { whole } from "./internal/guards.js";
import { clockAt } from "./internal/hyper.js";
import { mapPaths } from "./internal/mapPaths.js";

export interface AccumulateOptions {
  /** Whether to take their mean instead of their sum. @defaultValue true */
  readonly mean?: boolean;
}

/**
 * Collects gradients and applies a transform to their mean: k batches are as good as one of k times
 * the size, in the memory of one.
 *
 * In between no parameter moves, and the transform's slots and schedules wait: its step is ⌊t / k⌋.
 * `every` says how many gradients make a step. A transform that reads the loss is refused. optax'
 * `MultiSteps`, Keras' `gradient_accumulation_steps`. Throws a RangeError unless `every` is a whole
 * number ≥ 1.
 */
export function accumulate(
  transform: Transform,
  every: number,
  options: AccumulateOptions = {},
): Transform {
  const { mean = true } = known("accumulate", options, "mean");
  checkInner("accumulate", transform);
  whole("accumulate", "every", every, 1);
  flag("accumulate", "mean", mean);
  const isLast = (step: number): number => ((step + 1) % every === 0 ? 1 : 0);
  const weight = mean ? 1 / every : 1;
  return {
    name: "accumulate",
    slots: (shapes: ByPath<Shape>) => ({
      ...transform.slots(shapes),
      "accumulate/sum": mapPaths(shapes, (shape) => ({ shape, start: 0 })),
    }),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const last = clock.value(isLast);
      const wait = clock.value((step) => 1 - isLast(step));
      const sums = mapPaths(updates, (g, path) =>
        slots["accumulate/sum"]![path]!.add(g.mul(weight)),
      );
      // Of several gradients there is no one loss.
      const { loss: _, ...slower } = clockAt(clock, (step) => Math.floor(step / every));
      const after = transform.update({ updates: sums, params, slots }, slower);
      // One factor is 1 and the other 0: a choice in arithmetic, exact for finite values.
      const chosen = mapPaths(after.slots, (slot, name) =>
        mapPaths(slot, (value, path) => value.mul(last).add(slots[name]![path]!.mul(wait))),
      );
      return {
        updates: mapPaths(after.updates, (update) => update.mul(last)),
        params,
        slots: { ...chosen, "accumulate/sum": mapPaths(sums, (sum) => sum.mul(wait)) },
      };
    },
  };
}
