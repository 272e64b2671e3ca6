import type { Rng } from "@tenon/contracts";
import { isFiniteNumber, shown } from "@tenon/guards";
import { quantile } from "./internal/quantile.js";

/**
 * A number of the normal distribution N(mean, std²): mean + std·Φ⁻¹(u). Draws exactly
 * one number.
 *
 * Throws a RangeError unless mean is finite and 0 ≤ std < ∞.
 *
 * Wichura (1988), Algorithm AS 241: the percentage points of the normal distribution.
 * doi:10.2307/2347330
 */
export function normal(rng: Rng, mean: number = 0, std: number = 1): number {
  if (!isFiniteNumber(std) || std < 0)
    throw new RangeError(`normal: expected a finite std ≥ 0, got ${shown(std)}`);
  if (!isFiniteNumber(mean))
    throw new RangeError(`normal: expected a finite mean, got ${shown(mean)}`);
  return mean + std * quantile(rng());
}
