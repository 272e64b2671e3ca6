import type { Schedule, Transform } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { checkHyper, constraint } from "./internal/constraint.js";
import { finite } from "./internal/guards.js";
import type { OnlyOptions } from "./internal/only.js";

export interface BoundedOptions extends OnlyOptions {
  /** The smallest value: a number or a function of the step. */
  readonly low: Schedule | number;
  /** The largest value. */
  readonly high: Schedule | number;
}

/**
 * Clips each value between two bounds after each step: w ← min(max(w, low), high). Last in the
 * chain. Throws a RangeError unless low ≤ high and both are finite.
 */
export function bounded(options: BoundedOptions): Transform {
  const { low, high, ...rest } = known("bounded", options, "low high only");
  checkHyper(finite, "bounded", "low", low);
  checkHyper(finite, "bounded", "high", high);
  if (typeof low === "number" && typeof high === "number" && low > high)
    throw badArgument("bounded", "low ≤ high", `${low} and ${high}`);
  return constraint("bounded", rest, { low, high }, (w, now) =>
    w.maximum(now.low).minimum(now.high),
  );
}
