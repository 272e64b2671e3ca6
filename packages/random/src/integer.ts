import type { Rng } from "@tenon/contracts";
import { badArgument, callable, shown } from "@tenon/guards";

/**
 * A whole number, equally likely to be any of low, low + 1, …, high − 1.
 *
 * Unbiased: the 2⁵³ values of the source are divided evenly; for those that remain it draws again.
 * Throws a RangeError unless both are safe integers, low < high and high − low ≤ 2⁵³.
 */
export function integer(rng: Rng, low: number, high: number): number {
  callable("integer", "rng", rng);
  if (
    !Number.isSafeInteger(low) ||
    !Number.isSafeInteger(high) ||
    !(low < high && high - low <= 0x20000000000000)
  ) {
    throw badArgument(
      "integer",
      "whole low < high that differ by at most 2^53",
      `low ${shown(low)} and high ${shown(high)}`,
      "high itself is never drawn",
    );
  }
  const count = high - low;
  const bucket = Math.floor(0x20000000000000 / count);
  for (let tries = 0; tries < 1000; tries++) {
    const k = Math.floor(Math.floor(rng() * 0x20000000000000) / bucket);
    if (k < count) return low + k;
  }
  throw badArgument(
    "integer",
    "a source uniform in [0, 1)",
    "one with 1000 values in a row that do not fit",
    "use random(seed)",
  );
}
