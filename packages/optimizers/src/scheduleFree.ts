import type { Arithmetic, ByPath, Clock, Flow, Schedule, Shape, Transform } from "@tenon/contracts";
import { badArgument, isFiniteNumber, known, shown, towards } from "@tenon/guards";
import { checkInner } from "./internal/checkTransform.js";
import { rate } from "./internal/guards.js";
import { madeOf, mapped, scalarsAt } from "./internal/hyper.js";
import { mapPaths } from "./internal/mapPaths.js";

export interface ScheduleFreeOptions {
  /** Where gradients are taken: how far from z to the average, in (0, 1]. @defaultValue 0.9 */
  readonly beta?: Schedule | number;
  /**
   * How much a step counts in the average, from 0 up: a number or a function of the step. With a
   * rate that warms up, it is usually the square of the largest rate so far. @defaultValue 1
   */
  readonly weight?: Schedule | number;
}

/**
 * Averages the parameters along the way in place of a falling rate: three sets of them, z that the
 * transform moves, their weighted average x, and w between both, where gradients are taken.
 *
 * z ← z + u(g),  x ← x + c (z − x) with c = weight / Σ weights,  w ← βx + (1 − β)z
 *
 * Last in the chain. `averageOf(slots)` of regularizers gives x, which is to be used after training
 * and for validation. optax' `contrib.schedule_free`. Throws a RangeError unless β is in (0, 1] and
 * the weight ≥ 0.
 *
 * Defazio et al. (2024), The road less scheduled, equations 5 to 7. arXiv:2405.15682
 */
export function scheduleFree(transform: Transform, options: ScheduleFreeOptions = {}): Transform {
  const { beta = 0.9, weight = 1 } = known("scheduleFree", options, "beta weight");
  checkInner("scheduleFree", transform);
  if (typeof beta !== "function" && (!isFiniteNumber(beta) || beta <= 0 || beta > 1))
    throw badArgument("scheduleFree", "beta in (0, 1]", shown(beta), "use 0.9");
  rate("scheduleFree", "weight", weight);
  return {
    name: "scheduleFree",
    slots: (shapes: ByPath<Shape>) => ({
      ...transform.slots(shapes),
      "scheduleFree/z": mapPaths(shapes, (shape) => ({ shape, start: "parameter" as const })),
      "scheduleFree/average": mapPaths(shapes, (shape) => ({ shape, start: "parameter" as const })),
      // The same for all parameters: slots are by parameter.
      "scheduleFree/weights": mapPaths(shapes, () => ({ shape: [], start: 0 })),
    }),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const after = transform.update({ updates, params, slots }, clock);
      const now = scalarsAt(clock, {
        weight: madeOf([weight], (at) => at),
        beta,
        rest: mapped(beta, (value) => 1 - value),
      });
      const w = now.weight;
      const weights = mapPaths(updates, (_, path) => slots["scheduleFree/weights"]![path]!.add(w));
      const z = mapPaths(after.updates, (u, path) => slots["scheduleFree/z"]![path]!.add(u));
      const average = mapPaths(updates, (_, path) => {
        // Of w, not of the slot: what changed w between two steps, such as a decay, is in it.
        const before = params[path]!.sub(slots["scheduleFree/z"]![path]!.mul(now.rest)).div(
          now.beta,
        );
        // No weight so far: nothing has counted yet.
        const fraction = w.div(weights[path]!.maximum(2 ** -126));
        return before.add(z[path]!.sub(before).mul(fraction));
      });
      return {
        updates: mapPaths(updates, (_, path) =>
          towards(params[path]!, average[path]!.mul(now.beta).add(z[path]!.mul(now.rest))),
        ),
        params,
        slots: {
          ...after.slots,
          "scheduleFree/z": z,
          "scheduleFree/average": average,
          "scheduleFree/weights": weights,
        },
      };
    },
  };
}
