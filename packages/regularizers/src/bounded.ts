import type { Transform } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { constraint } from "./internal/constraint.js";
import { finite } from "./internal/guards.js";
import type { OnlyOptions } from "./internal/only.js";

export interface BoundedOptions extends OnlyOptions {
  readonly low: number;
  readonly high: number;
}

/**
 * Clips each value between two bounds after each step: w ← min(max(w, low), high). Last in the
 * chain. Throws a RangeError unless low ≤ high and both are finite.
 */
export function bounded(options: BoundedOptions): Transform {
  const { low, high, ...rest } = known("bounded", options, "low high only");
  finite("bounded", "low", low);
  finite("bounded", "high", high);
  if (low > high) throw badArgument("bounded", "low ≤ high", `${low} and ${high}`);
  return constraint("bounded", rest, (w) => w.maximum(low).minimum(high));
}
