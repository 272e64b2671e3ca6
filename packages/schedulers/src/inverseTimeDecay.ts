import type { Schedule } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { finite, notNegative, positive } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface InverseTimeDecayOptions {
  readonly start: number;
  readonly decayRate: number;
  /** @defaultValue 1 */
  readonly steps?: number;
  /** Change only every `steps` steps. @defaultValue false */
  readonly staircase?: boolean;
}

/**
 * Falls as one over time: start / (1 + decayRate·step / steps).
 *
 * Throws a RangeError unless all are finite, decayRate ≥ 0 and steps > 0. Robbins & Monro (1951),
 * whose sums it satisfies.
 */
export function inverseTimeDecay(options: InverseTimeDecayOptions): Schedule {
  const {
    start,
    decayRate,
    steps = 1,
    staircase = false,
  } = known("inverseTimeDecay", options, "start decayRate steps staircase");
  finite("inverseTimeDecay", "start", start);
  notNegative("inverseTimeDecay", "decayRate", decayRate);
  positive("inverseTimeDecay", "steps", steps);
  flag("inverseTimeDecay", "staircase", staircase);
  return schedule(
    "inverseTimeDecay",
    (step) => start / (1 + decayRate * (staircase ? Math.floor(step / steps) : step / steps)),
    () => ({ start, decayRate, steps, staircase }),
  );
}
