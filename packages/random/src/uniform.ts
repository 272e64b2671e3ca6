import type { Rng } from "@tenon/contracts";

/**
 * A number uniform in [low, high): low + (high − low)·u. Draws one number.
 *
 * Throws a RangeError unless both are finite and low ≤ high.
 */
export function uniform(rng: Rng, low: number, high: number): number {
  const width = high - low;
  if (!(width >= 0 && width < Infinity)) throw new RangeError(`uniform: expected finite low ≤ high, got low ${low} and high ${high}`);
  const x = low + width * rng();
  return x < high ? x : low; // rounding may reach high
}
