import type { Arithmetic, ByPath, Clock, Flow, Shape, SlotSpec, Transform } from "@tenon/contracts";
import { scalarsAt, type Hyper } from "./hyper.js";
import { mapPaths } from "./mapPaths.js";
import { total } from "./norms.js";

/** How a rate is made of a distance and of gradients. */
export interface DistanceRule {
  /** The least distance, given ‖w₀‖ of all parameters. */
  least<T extends Arithmetic<T>>(norm: T): T | number;
  /** What is added to the sum, of the distance and ‖g‖² of all gradients. */
  term<T extends Arithmetic<T>>(distance: T, squares: T): T;
  /** The rate, of the distance, the sum and ε. */
  rate<T extends Arithmetic<T>>(distance: T, sum: T, eps: T | number): T;
}

/**
 * Gradients times a rate that is found from the largest distance of all parameters from where they
 * began, d ← max(d, ‖w − w₀‖), and a sum over gradients, both the same for all parameters.
 */
export function byDistance(
  name: string,
  hypers: { readonly learningRate: Hyper; readonly eps: Hyper },
  { least, term, rate }: DistanceRule,
): Transform {
  const slot = (what: string): string => `${name}/${what}`;
  const one = (): SlotSpec => ({ shape: [], start: 0 });
  return {
    name,
    slots: (shapes: ByPath<Shape>) => ({
      [slot("first")]: mapPaths(shapes, (shape) => ({ shape, start: "parameter" as const })),
      [slot("d")]: mapPaths(shapes, one),
      [slot("sum")]: mapPaths(shapes, one),
    }),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const [any] = Object.keys(updates);
      if (any === undefined) return { updates, params, slots };
      const now = scalarsAt(clock, hypers);
      const first = slots[slot("first")]!;
      const norm = (arrays: ByPath<T>): T => squaresOf(arrays).sqrt();
      const begun = mapPaths(updates, (_, path) => first[path]!);
      const moved = mapPaths(updates, (_, path) => params[path]!.sub(first[path]!));
      const d = slots[slot("d")]![any]!.maximum(norm(moved)).maximum(least(norm(begun)));
      const sum = slots[slot("sum")]![any]!.add(term(d, squaresOf(updates)));
      const step = rate(d, sum, now.eps).mul(now.learningRate);
      return {
        updates: mapPaths(updates, (g) => g.mul(step).neg()),
        params,
        slots: {
          ...slots,
          [slot("d")]: mapPaths(updates, () => d),
          [slot("sum")]: mapPaths(updates, () => sum),
        },
      };
    },
  };
}

const squaresOf = <T extends Arithmetic<T>>(arrays: ByPath<T>): T =>
  total(Object.values(arrays), (x) => x.square());
