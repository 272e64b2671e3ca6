import type { Schedule } from "@tenon/contracts";
import { badArgument, known, list } from "@tenon/guards";
import { passed } from "./internal/curves.js";
import { rising } from "./internal/guards.js";
import { checkSchedule, described, schedule } from "./internal/schedule.js";

export interface JoinOptions {
  readonly schedules: readonly Schedule[];
  /** The first step of each schedule after the first: one less than schedules. */
  readonly boundaries: readonly number[];
}

/**
 * One schedule after the other; each begins at its own step 0.
 *
 * Throws a RangeError unless the schedules are one more than the boundaries and the boundaries
 * rise.
 */
export function join(options: JoinOptions): Schedule {
  const { schedules, boundaries } = known("join", options, "schedules boundaries");
  list("join", "schedules", schedules);
  list("join", "boundaries", boundaries);
  const parts = [...schedules];
  const bounds = [...boundaries];
  rising("join", bounds);
  if (parts.length !== bounds.length + 1) {
    throw badArgument(
      "join",
      "one schedule more than boundaries",
      `${parts.length} schedules and ${bounds.length} boundaries`,
    );
  }
  for (const part of parts) checkSchedule("join", part, "schedules");
  function value(step: number): number {
    const i = passed(bounds, step);
    return parts[i](i === 0 ? step : step - bounds[i - 1]);
  }
  return schedule(
    "join",
    value,
    () => ({
      schedules: parts.map((part) => described("join", part)),
      boundaries: bounds,
    }),
    (read) => join({ schedules: parts.map(read), boundaries: bounds }),
  );
}
