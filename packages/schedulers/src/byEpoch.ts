import type { Schedule } from "@tenon/contracts";
import { known, whole } from "@tenon/guards";
import { checkSchedule, described, schedule } from "./internal/schedule.js";

export interface ByEpochOptions {
  /**
   * A schedule whose steps are epochs, such as
   * `piecewiseConstant({ boundaries: [30, 60], values })`.
   */
  readonly schedule: Schedule;
  /** How many steps an epoch has. */
  readonly stepsPerEpoch: number;
}

/**
 * A schedule of epochs as one of steps: its value at ⌊step / stepsPerEpoch⌋, constant within an
 * epoch.
 *
 * Throws a RangeError unless stepsPerEpoch is a whole number ≥ 1.
 */
export function byEpoch(options: ByEpochOptions): Schedule {
  const { schedule: inner, stepsPerEpoch } = known("byEpoch", options, "schedule stepsPerEpoch");
  checkSchedule("byEpoch", inner);
  whole("byEpoch", "stepsPerEpoch", stepsPerEpoch, 1);
  return schedule(
    "byEpoch",
    (step) => inner(Math.floor(step / stepsPerEpoch)),
    () => ({ schedule: described("byEpoch", inner), stepsPerEpoch }),
    (read) => byEpoch({ schedule: read(inner), stepsPerEpoch }),
  );
}
