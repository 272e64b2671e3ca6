import type { Schedule } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { fractionOf, power as powerOf } from "./internal/curves.js";
import { finite, notNegative, positive } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface PolynomialOptions {
  readonly start: number;
  /** @defaultValue 0 */
  readonly end?: number;
  /** The number of steps from `start` to `end`; with 0 the value is `end`. */
  readonly steps: number;
  /** @defaultValue 1 */
  readonly power?: number;
  /** Steps at `start` before it begins. @defaultValue 0 */
  readonly delay?: number;
  /**
   * Instead of staying at `end`, jump up and come down again, each time in a round that is `steps`
   * longer each time. @defaultValue false
   */
  readonly cycle?: boolean;
}

/**
 * From `start` to `end` along a power of the fraction of steps that remain, then `end`.
 *
 * end + (start − end)·(1 − t/n)^power with t = (step − delay)⁺, and n = steps, or with `cycle` the
 * next multiple of it. Throws a RangeError unless all are finite, steps ≥ 0, power > 0 and delay ≥
 * 0.
 */
export function polynomial(options: PolynomialOptions): Schedule {
  const {
    start,
    end = 0,
    steps,
    power = 1,
    delay = 0,
    cycle = false,
  } = known("polynomial", options, "start end steps power delay cycle");
  finite("polynomial", "start", start);
  finite("polynomial", "end", end);
  notNegative("polynomial", "steps", steps);
  positive("polynomial", "power", power);
  notNegative("polynomial", "delay", delay);
  flag("polynomial", "cycle", cycle);
  function value(step: number): number {
    const t = fractionOf(step - delay, steps);
    if (t <= 0) return start;
    const rounds = cycle ? Math.ceil(t) : 1;
    return t >= rounds ? end : end + (start - end) * powerOf(1 - t / rounds, power);
  }
  return schedule("polynomial", value, () => ({ start, end, steps, power, delay, cycle }));
}
