import type { Arithmetic, ByPath, Clock, Flow, Shape, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { checkInner } from "./internal/checkTransform.js";
import { whole } from "./internal/guards.js";
import { mapPaths } from "./internal/mapPaths.js";
import { needed } from "./internal/optional.js";

export interface SkipNonFiniteOptions {
  /**
   * How many steps in a row are left out at most; the next one is taken whatever it is, so that a
   * run that is lost shows it. @defaultValue Infinity
   */
  readonly most?: number;
}

/**
 * Leaves out a step in which a gradient is NaN or infinite: no parameter moves, and the transform's
 * slots stay. Its schedules go on with the step.
 *
 * The slot `"skipNonFinite/steps"` counts, by parameter, the steps in which its own gradient was
 * not finite, so that it says whose it is; `"skipNonFinite/inARow"` those left out one after the
 * other. optax' `apply_if_finite`. Arrays need the methods `equal` and `where`. `fit`, which ends
 * at such a step without it, goes on, reports the step as `skipped`, and leaves out those whose
 * loss is not finite, too; after `most` in a row it ends. It belongs around `accumulate`, not
 * inside: a sum that is not finite stays so. Throws a RangeError unless `most` is a whole number ≥
 * 0 or Infinity.
 */
export function skipNonFinite(transform: Transform, options: SkipNonFiniteOptions = {}): Transform {
  const { most = Infinity } = known("skipNonFinite", options, "most");
  checkInner("skipNonFinite", transform);
  if (most !== Infinity) whole("skipNonFinite", "most", most, 0);
  const counts = ["skipNonFinite/steps", "skipNonFinite/inARow"] as const;
  return {
    name: "skipNonFinite",
    slots: (shapes: ByPath<Shape>) => ({
      ...transform.slots(shapes),
      ...Object.fromEntries(
        counts.map((slot) => [slot, mapPaths(shapes, () => ({ shape: [], start: 0 }))]),
      ),
    }),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const one = clock.value(1);
      const zero = clock.value(0);
      const chosen = (a: T, condition: T, b: T): T =>
        needed<T, "where">("skipNonFinite", a, "where")(condition, b);
      const equal = (a: T, b: T | number): T => needed<T, "equal">("skipNonFinite", a, "equal")(b);
      // x − x is 0 where x is finite, else NaN; its sum is 0 only where all are.
      const isBad = mapPaths(updates, (g) => chosen(zero, equal(g.sub(g).sum(), 0), one));
      const bad = Object.values(isBad).reduce((a, b) => a.maximum(b), zero);
      const row = mapPaths(slots["skipNonFinite/inARow"]!, (count) => count.add(1).mul(bad));
      const inARow = Object.values(row)[0] ?? zero;
      // Skipped where a gradient is bad, and not too many were before.
      const skipped =
        most === Infinity
          ? bad
          : bad.mul(
              inARow
                .neg()
                .add(most + 1)
                .sign()
                .maximum(0),
            );
      const goes = equal(skipped, 0);
      const after = transform.update({ updates, params, slots }, clock);
      return {
        updates: mapPaths(after.updates, (update) => chosen(update, goes, zero)),
        params,
        slots: {
          ...slots,
          ...mapPaths(transform.slots(mapPaths(params, ({ shape }) => shape)), (byPath, slot) =>
            mapPaths(byPath, (_, path) =>
              chosen(after.slots[slot]![path]!, goes, slots[slot]![path]!),
            ),
          ),
          "skipNonFinite/inARow": row,
          "skipNonFinite/steps": mapPaths(slots["skipNonFinite/steps"]!, (count, path) =>
            count.add(isBad[path]!),
          ),
        },
      };
    },
  };
}
