import type { Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { checkHyper, constraint, type AxesOptions } from "./internal/constraint.js";
import { positive } from "./internal/guards.js";
import { onSimplex } from "./internal/simplex.js";

export interface L1BallOptions extends AxesOptions {
  /**
   * The largest sum of absolute values: a number or a function of the step. @defaultValue 1
   */
  readonly max?: Schedule | number;
  /** Whether the sum is always that large. @defaultValue false */
  readonly onSphere?: boolean;
}

/**
 * Keeps the sum of absolute values within a bound, by going to the nearest such point after each
 * step, in which small values are exactly 0: w ← sign(w) max(|w| − τ, 0) where Σ|w| is too large.
 *
 * Last in the chain. optax: `projection_l1_ball`, and `projection_l1_sphere` with `onSphere`, with
 * all axes. Throws a RangeError unless max > 0.
 *
 * Duchi et al. (2008), Efficient projections onto the ℓ₁-ball for learning in high dimensions.
 * doi:10.1145/1390156.1390191
 */
export function l1Ball(options: L1BallOptions = {}): Transform {
  const { max = 1, onSphere = false, axes } = known("l1Ball", options, "max onSphere axes only");
  checkHyper(positive, "l1Ball", "max", max);
  flag("l1Ball", "onSphere", onSphere);
  return constraint("l1Ball", options, { max }, (w, now) => {
    const size = w.abs();
    const projected = w.sign().mul(onSimplex(size, now.max, axes));
    if (onSphere) return projected;
    const along = axes ? [...axes] : w.shape.map((_, i) => i).slice(0, -1);
    const isLong = size.sum(along, true).sub(now.max).sign().maximum(0); // 1 where it is, else 0
    return projected.mul(isLong).add(w.mul(isLong.neg().add(1)));
  });
}
