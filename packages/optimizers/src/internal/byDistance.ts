import type { Arithmetic, ByPath, Transform } from "@tenon/contracts";
import { positive, positiveRate, rate } from "./guards.js";
import type { Hyper } from "./hyper.js";
import { mapPaths } from "./mapPaths.js";
import { total } from "./norms.js";
import { together } from "./together.js";

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
  options: { readonly learningRate: Hyper; readonly start: number; readonly eps: Hyper },
  rule: DistanceRule,
): Transform {
  const { learningRate, start, eps } = options;
  rate(name, "learningRate", learningRate);
  positive(name, "start", start);
  positiveRate(name, "eps", eps);
  return together(
    name,
    { arrays: { first: "parameter" }, numbers: { d: 0, sum: 0 } },
    { learningRate, eps },
    ({ g, w, first, ...kept }, now) => {
      const moved = mapPaths(w, (x, path) => x.sub(first[path]!));
      const d = kept.d
        .maximum(squaresOf(moved).sqrt())
        .maximum(rule.least(squaresOf(first).sqrt()));
      const sum = kept.sum.add(rule.term(d, squaresOf(g)));
      const step = rule.rate(d, sum, now.eps).mul(now.learningRate);
      return { g: mapPaths(g, (x) => x.mul(step).neg()), d, sum };
    },
  );
}

const squaresOf = <T extends Arithmetic<T>>(arrays: ByPath<T>): T =>
  total(Object.values(arrays), (x) => x.square());
