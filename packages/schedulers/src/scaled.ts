import type { Schedule } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { finite } from "./internal/guards.js";
import { checkSchedule, described, schedule } from "./internal/schedule.js";

export interface ScaledOptions {
  readonly schedule: Schedule;
  readonly factor: number;
}

/**
 * The values of a schedule times a factor: one shape for several rates, as for groups of
 * parameters.
 *
 * Throws a RangeError unless the factor is finite.
 */
export function scaled(options: ScaledOptions): Schedule {
  const { schedule: inner, factor } = known("scaled", options, "schedule factor");
  checkSchedule("scaled", inner);
  finite("scaled", "factor", factor);
  return schedule(
    "scaled",
    (step) => factor * inner(step),
    () => ({ schedule: described("scaled", inner), factor }),
    (read) => scaled({ schedule: read(inner), factor }),
  );
}
