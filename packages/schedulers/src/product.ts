import type { Schedule } from "@tenon/contracts";
import { badArgument, known, list } from "@tenon/guards";
import { checkSchedule, described, schedule } from "./internal/schedule.js";

export interface ProductOptions {
  readonly schedules: readonly Schedule[];
}

/**
 * The values of several schedules at the same step, multiplied: a rate times factors. PyTorch's
 * ChainedScheduler.
 *
 * Throws a RangeError for no schedules.
 */
export function product(options: ProductOptions): Schedule {
  const { schedules } = known("product", options, "schedules");
  list("product", "schedules", schedules);
  const parts = [...schedules];
  if (parts.length === 0) throw badArgument("product", "schedules, one at least", "none");
  for (const part of parts) checkSchedule("product", part, "schedules");
  function value(step: number): number {
    let result = 1;
    for (const part of parts) result *= part(step);
    return result;
  }
  return schedule(
    "product",
    value,
    () => ({ schedules: parts.map((part) => described("product", part)) }),
    (read) => product({ schedules: parts.map(read) }),
  );
}
