import type { Arithmetic, ByPath, Clock, Flow, Schedule, Shape, Transform } from "@tenon/contracts";
import { known, towards } from "@tenon/guards";
import { checkInner } from "./internal/checkTransform.js";
import { positiveRate } from "./internal/guards.js";
import { clockAt, scalarsAt } from "./internal/hyper.js";
import { mapPaths } from "./internal/mapPaths.js";
import { normOf } from "./internal/norms.js";

export interface SamOptions {
  /** How far the parameters climb, as the norm of all of them together. @defaultValue 0.05 */
  readonly radius?: Schedule | number;
}

/**
 * Sharpness-aware minimization: descends along the gradient at the worst place nearby, so that the
 * loss is low all around where it ends. Two steps make one of the transform.
 *
 * An even step climbs to w + ρ g / ‖g‖; the next one goes back to w and takes the transform's step
 * for the gradient that it found up there. The transform's schedules count such pairs. An even
 * number of steps ends at w. Both gradients should be of one batch; with batches of their own it is
 * the stochastic form. optax: `contrib.sam`, transparent. Throws a RangeError unless ρ > 0.
 *
 * Foret et al. (2021), Sharpness-aware minimization for efficiently improving generalization,
 * algorithm 1. arXiv:2010.01412
 */
export function sam(transform: Transform, options: SamOptions = {}): Transform {
  const { radius = 0.05 } = known("sam", options, "radius");
  checkInner("sam", transform);
  positiveRate("sam", "radius", radius);
  return {
    name: "sam",
    slots: (shapes: ByPath<Shape>) => ({
      ...transform.slots(shapes),
      "sam/start": mapPaths(shapes, (shape) => ({ shape, start: "parameter" as const })),
    }),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const paths = Object.keys(updates);
      if (paths.length === 0) return { updates, params, slots };
      const now = scalarsAt(clock, { radius });
      const climbs = clock.value((step) => (step % 2 === 0 ? 1 : 0));
      const descends = clock.value((step) => step % 2);
      const start = mapPaths(params, (w, path) =>
        w.mul(climbs).add(slots["sam/start"]![path]!.mul(descends)),
      );
      const { scaled, scale } = normOf(Object.values(updates));
      const slower = clockAt(clock, (step) => Math.floor(step / 2));
      const after = transform.update({ updates, params: start, slots }, slower);
      // One factor is 1 and the other 0: a choice in arithmetic, exact for finite values.
      const chosen = mapPaths(
        transform.slots(mapPaths(params, ({ shape }) => shape)),
        (byPath, slot) =>
          mapPaths(byPath, (_, path) =>
            after.slots[slot]![path]!.mul(descends).add(slots[slot]![path]!.mul(climbs)),
          ),
      );
      return {
        updates: mapPaths(updates, (g, path) => {
          const up = g
            .mul(scale)
            .div(scaled.maximum(2 ** -126))
            .mul(now.radius);
          const move = up.mul(climbs).add(after.updates[path]!.mul(descends));
          return towards(params[path]!, start[path]!.add(move));
        }),
        params,
        slots: { ...slots, ...chosen, "sam/start": start },
      };
    },
  };
}
