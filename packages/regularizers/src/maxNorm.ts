import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { checkHyper, constraint, directionOf, type AxesOptions } from "./internal/constraint.js";
import { notNegative, positive } from "./internal/guards.js";

export type { AxesOptions };

export interface MaxNormOptions extends AxesOptions {
  /** The largest norm: a number or a function of the step. @defaultValue 2 */
  readonly max?: Schedule | number;
  /**
   * Above 0, Keras' formula (its ε is 10⁻⁷), which shrinks a little even what is short enough. It
   * says which formula it is, so it is the same at every step.
   * @defaultValue 0
   */
  readonly eps?: number;
}

/**
 * Shortens what is longer than a bound after each step: w ← w·c / max(‖w‖, c); with ε, w ←
 * w·min(‖w‖, c) / (ε + ‖w‖).
 *
 * Last in the chain: `chain(adam(), maxNorm({ max: 3 }))`. Throws a RangeError unless max > 0 and
 * eps ≥ 0. Srebro & Shraibman (2005); with dropout: Hinton et al. (2012), arXiv:1207.0580
 */
export function maxNorm(options: MaxNormOptions = {}): Transform {
  const { max = 2, eps = 0, axes } = known("maxNorm", options, "max eps axes only");
  checkHyper(positive, "maxNorm", "max", max);
  notNegative("maxNorm", "eps", eps);
  return constraint("maxNorm", options, { max }, (w, now) => {
    const { unit, norms } = directionOf(w, axes, eps);
    if (eps > 0) return unit.mul(norms.minimum(now.max));
    const long = norms.sub(now.max).sign().maximum(0); // 1 where it is, else 0
    return w.mul(long.neg().add(1)).add(unit.mul(now.max).mul(long));
  });
}
