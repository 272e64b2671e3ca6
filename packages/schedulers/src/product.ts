import type { Schedule } from "@tenon/contracts";
import { badArgument, known, list, shown } from "@tenon/guards";
import { described, schedule } from "./internal/schedule.js";

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
  if (parts.length === 0) throw badArgument("product", "one schedule at least", "none");
  for (const part of parts)
    if (typeof part !== "function")
      throw badArgument(
        "product",
        "schedules",
        shown(part),
        "use constant({ value }) for a number",
      );
  function value(step: number): number {
    let result = 1;
    for (const part of parts) result *= part(step);
    return result;
  }
  return schedule(value, () => ({
    type: "product",
    schedules: parts.map((part) => described("product", part)),
  }));
}
