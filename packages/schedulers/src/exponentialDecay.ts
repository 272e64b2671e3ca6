import type { Schedule } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { pow } from "@tenon/random";
import { finite, notNegative, positive } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface ExponentialDecayOptions {
  readonly start: number;
  /** What the value is multiplied by in `steps` steps. */
  readonly decayRate: number;
  /** @defaultValue 1 */
  readonly steps?: number;
  /** Change only every `steps` steps, instead of a little at each. @defaultValue false */
  readonly staircase?: boolean;
  /** Steps at `start` before it begins. @defaultValue 0 */
  readonly delay?: number;
  /** Never below this one (never above it, if the rate is above 1). @defaultValue none */
  readonly end?: number;
}

/**
 * Multiplied by the same factor again and again: start·decayRate^((step − delay)⁺ / steps).
 *
 * The tutorial's "× 0.98 each epoch" is `exponentialDecay({ start, decayRate: 0.98, steps:
 * stepsPerEpoch, staircase: true })`. Throws a RangeError unless all are finite, decayRate > 0,
 * steps > 0 and delay ≥ 0.
 */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const {
    start,
    decayRate,
    steps = 1,
    staircase = false,
    delay = 0,
    end,
  } = known("exponentialDecay", options, "start decayRate steps staircase delay end");
  finite("exponentialDecay", "start", start);
  positive("exponentialDecay", "decayRate", decayRate);
  positive("exponentialDecay", "steps", steps);
  notNegative("exponentialDecay", "delay", delay);
  flag("exponentialDecay", "staircase", staircase);
  if (end !== undefined) finite("exponentialDecay", "end", end);
  function value(step: number): number {
    const t = (step - delay) / steps;
    if (t <= 0) return start;
    const reached = start * pow(decayRate, staircase ? Math.floor(t) : t);
    if (end === undefined) return reached;
    return decayRate < 1 ? Math.max(reached, end) : Math.min(reached, end);
  }
  return schedule("exponentialDecay", value, () => ({
    start,
    decayRate,
    steps,
    staircase,
    delay,
    ...(end === undefined ? {} : { end }),
  }));
}
