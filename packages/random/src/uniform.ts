import type { Rng } from "@tenon/contracts";
import { badArgument, callable, shown } from "@tenon/guards";

/**
 * A number uniform in [low, high): low + (high − low)·u. Draws one number.
 *
 * Throws a RangeError unless both are finite and low ≤ high.
 */
export function uniform(rng: Rng, low: number, high: number): number {
  callable("uniform", "rng", rng);
  if (
    typeof low !== "number" ||
    typeof high !== "number" ||
    !(low <= high && high - low < Infinity)
  )
    throw badArgument("uniform", "finite low ≤ high", `low ${shown(low)} and high ${shown(high)}`);
  const x = low + (high - low) * rng();
  return x < high ? x : low; // rounding may reach high
}
