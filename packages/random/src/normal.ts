import type { Rng } from "@tenon/contracts";
import { badArgument, callable, isFiniteNumber, shown } from "@tenon/guards";
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
  callable("normal", "rng", rng);
  if (!isFiniteNumber(std) || std < 0) throw badArgument("normal", "a finite std ≥ 0", shown(std));
  if (!isFiniteNumber(mean)) throw badArgument("normal", "a finite mean", shown(mean));
  return mean + std * quantile(rng());
}
