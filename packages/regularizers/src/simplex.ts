import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { checkHyper, constraint, type AxesOptions } from "./internal/constraint.js";
import { positive } from "./internal/guards.js";
import { onSimplex } from "./internal/simplex.js";

export interface SimplexOptions extends AxesOptions {
  /** What the values add up to: a number or a function of the step. @defaultValue 1 */
  readonly sum?: Schedule | number;
}

/**
 * Keeps values that are not negative and add up to 1, such as the weights of a mixture, by going to
 * the nearest such point after each step: w ← max(w − τ, 0) with the τ for which it is so.
 *
 * Last in the chain. optax: `projection_simplex`, with all axes. Throws a RangeError unless the sum
 * is above 0.
 */
export function simplex(options: SimplexOptions = {}): Transform {
  const { sum = 1, axes } = known("simplex", options, "sum axes only");
  checkHyper(positive, "simplex", "sum", sum);
  return constraint("simplex", options, { sum }, (w, now) => onSimplex(w, now.sum, axes));
}
