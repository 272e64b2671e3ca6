import type { Rng } from "@tenon/contracts";
import { badArgument, callable, shown } from "@tenon/guards";
import { below } from "./internal/below.js";

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
  return low + below("integer", rng, high - low);
}
