import type { Arithmetic, ByPath, Clock, Flow, Schedule, Transform } from "@tenon/contracts";
import { callable, known, moved, towards } from "@tenon/guards";
import type { AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { checkTransform } from "./internal/checkTransform.js";
import { rate } from "./internal/guards.js";
import { mapPaths } from "./internal/mapPaths.js";

/**
 * Lets parameters decay before a transform sees them: w ← (1 − λ)w, then its step from there.
 * Keras' `weight_decay`, with λ the product of its rate and its decay.
 *
 * Where the transform does not read the parameters, as most do not, it is the same as decay after
 * it: `adamw` has that. λ is a number or a function of the step. Throws a RangeError unless a
 * number is finite and ≥ 0.
 */
export function decayFirst(
  transform: Transform,
  decay: Schedule | number,
  options: AddDecayedWeightsOptions = {},
): Transform {
  const { only = () => true } = known("decayFirst", options, "only");
  checkTransform("decayFirst", transform);
  rate("decayFirst", "decay", decay);
  callable("decayFirst", "only", only);
  return {
    name: transform.name,
    slots: (shapes) => transform.slots(shapes),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const lambda = clock.value(decay);
      const decayed: ByPath<T> = mapPaths(params, (w, path) =>
        only(path, w.shape) ? w.sub(w.mul(lambda)) : w,
      );
      const after = transform.update({ updates, params: decayed, slots }, clock);
      return {
        updates: mapPaths(after.updates, (update, path) =>
          towards(params[path]!, moved(decayed[path]!, update)),
        ),
        params,
        slots: after.slots,
      };
    },
  };
}
