import type { Schedule } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { between, fractionOf } from "./internal/curves.js";
import { finite, notNegative } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface LinearOptions {
  readonly start: number;
  /** @defaultValue 0 */
  readonly end?: number;
  /** The number of steps from `start` to `end`; with 0 the value is `end`. */
  readonly steps: number;
  /** Steps at `start` before it begins. @defaultValue 0 */
  readonly delay?: number;
}

/**
 * A straight line from `start` to `end`, then `end`.
 *
 * start + (end − start)·min(1, (step − delay)⁺ / steps). Throws a RangeError unless all are finite,
 * steps ≥ 0, delay ≥ 0.
 */
export function linear(options: LinearOptions): Schedule {
  const { start, end = 0, steps, delay = 0 } = known("linear", options, "start end steps delay");
  finite("linear", "start", start);
  finite("linear", "end", end);
  notNegative("linear", "steps", steps);
  notNegative("linear", "delay", delay);
  return schedule(
    "linear",
    (step) => between(start, end, fractionOf(step - delay, steps), "linear"),
    () => ({ start, end, steps, delay }),
  );
}
