import type { Schedule } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { pow } from "@tenon/random";
import { finite, positive } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface StepDecayOptions {
  readonly start: number;
  /** What the value is multiplied by. @defaultValue 0.1 */
  readonly factor?: number;
  /** How many steps each value lasts. */
  readonly steps: number;
}

/**
 * Multiplied by `factor` every `steps` steps: start·factor^⌊step / steps⌋. PyTorch's StepLR.
 *
 * Throws a RangeError unless all are finite, factor > 0 and steps > 0.
 */
export function stepDecay(options: StepDecayOptions): Schedule {
  const { start, factor = 0.1, steps } = known("stepDecay", options, "start factor steps");
  finite("stepDecay", "start", start);
  positive("stepDecay", "factor", factor);
  positive("stepDecay", "steps", steps);
  return schedule(
    "stepDecay",
    (step) => start * pow(factor, Math.floor(step / steps)),
    () => ({ start, factor, steps }),
  );
}
