import type { Arithmetic } from "@tenon/contracts";

/** More than Newton's method has needed for a million elements of any common distribution. */
const iterations = 24;

/**
 * The nearest point with Σ = sum and no element below 0, along some axes: max(w − τ, 0).
 *
 * Σ max(w − τ, 0) is convex and piecewise linear in τ, so Newton's method from below reaches the τ
 * at which it is `sum`, exactly, after a few steps. Michelot (1986), A finite algorithm for finding
 * the projection of a point onto the canonical simplex. doi:10.1007/BF00938486
 */
export function onSimplex<T extends Arithmetic<T>>(
  w: T,
  sum: T | number,
  axes: readonly number[] | undefined,
): T {
  const total = (x: T): T => x.sum(axes ? [...axes] : w.shape.map((_, i) => i).slice(0, -1), true);
  // 0 for each element, and then 1 for each above τ.
  let isActive = w.mul(0).add(1);
  let tau = total(w).sub(sum).div(total(isActive));
  for (let i = 0; i < iterations; i++) {
    isActive = w.sub(tau).sign().maximum(0);
    tau = total(w.mul(isActive)).sub(sum).div(total(isActive));
  }
  return w.sub(tau).maximum(0);
}
