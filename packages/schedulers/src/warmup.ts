import type { Schedule } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { between } from "./internal/curves.js";
import { finite, notNegative } from "./internal/guards.js";
import { checkSchedule, described, schedule } from "./internal/schedule.js";

export interface WarmupOptions {
  /** The number of steps of the warm-up; they are added to those of the schedule. */
  readonly steps: number;
  /** @defaultValue 0 */
  readonly start?: number;
  /** The schedule after the warm-up; it begins at its own step 0. */
  readonly schedule: Schedule;
}

/**
 * A straight line from `start` to where a schedule begins, then that schedule.
 *
 * Throws a RangeError unless all are finite and steps ≥ 0. Goyal et al. (2017), Accurate, large
 * minibatch SGD. arXiv:1706.02677
 */
export function warmup(options: WarmupOptions): Schedule {
  const { steps, start = 0, schedule: then } = known("warmup", options, "steps start schedule");
  notNegative("warmup", "steps", steps);
  finite("warmup", "start", start);
  checkSchedule("warmup", then);
  return schedule(
    "warmup",
    (step) => (step < steps ? between(start, then(0), step / steps, "linear") : then(step - steps)),
    () => ({ steps, start, schedule: described("warmup", then) }),
    (read) => warmup({ steps, start, schedule: read(then) }),
  );
}
