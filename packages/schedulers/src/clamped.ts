import type { Schedule } from "@tenon/contracts";
import { badArgument, isFiniteNumber, known, shown } from "@tenon/guards";
import { checkSchedule, described, schedule } from "./internal/schedule.js";

export interface ClampedOptions {
  readonly schedule: Schedule;
  /** The least value. @defaultValue none */
  readonly low?: number;
  /** The largest value. @defaultValue none */
  readonly high?: number;
}

/**
 * The values of a schedule between two bounds: min(max(s(step), low), high).
 *
 * PyTorch: `ReduceLROnPlateau(min_lr)` for one kind. Throws a RangeError unless the bounds are
 * finite and low ≤ high.
 */
export function clamped(options: ClampedOptions): Schedule {
  const { schedule: inner, low, high } = known("clamped", options, "schedule low high");
  checkSchedule("clamped", inner);
  for (const [name, bound] of Object.entries({ low, high }))
    if (bound !== undefined && !isFiniteNumber(bound))
      throw badArgument("clamped", `a finite ${name}`, shown(bound));
  if (low !== undefined && high !== undefined && low > high)
    throw badArgument("clamped", "low ≤ high", `${low} and ${high}`);
  const bounds = { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
  return schedule(
    "clamped",
    (step) => Math.min(Math.max(inner(step), low ?? -Infinity), high ?? Infinity),
    () => ({ schedule: described("clamped", inner), ...bounds }),
    (read) => clamped({ schedule: read(inner), ...bounds }),
  );
}
