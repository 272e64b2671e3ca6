import type { Rng } from "@tenon/contracts";
import { isFiniteNumber, shown } from "@tenon/guards";
import { quantile } from "./internal/quantile.js";

/**
 * A number of the normal distribution N(mean, deviation²): mean + deviation·Φ⁻¹(u). Draws exactly
 * one number.
 *
 * Throws a RangeError unless mean is finite and 0 ≤ deviation < ∞.
 *
 * Wichura (1988), Algorithm AS 241: the percentage points of the normal distribution.
 * doi:10.2307/2347330
 */
export function normal(rng: Rng, mean: number = 0, deviation: number = 1): number {
  if (!isFiniteNumber(deviation) || deviation < 0)
    throw new RangeError(`normal: expected a finite deviation ≥ 0, got ${shown(deviation)}`);
  if (!isFiniteNumber(mean))
    throw new RangeError(`normal: expected a finite mean, got ${shown(mean)}`);
  return mean + deviation * quantile(rng());
}
