import type { Description, Schedule } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";

/**
 * A function of the step, with a description from which it can be made again.
 *
 * @param value a function of its own: it gets the properties of a schedule
 * @param from where it is made of others: the same, from what `read` gives for each of them
 */
export function schedule(
  value: (step: number) => number,
  toJSON: () => Description,
  from?: Schedule["from"],
): Schedule {
  return Object.assign(value, { toJSON, from }) as Schedule;
}

/** Throws unless it is a function. */
export function checkSchedule(name: string, inner: unknown, expected = "a schedule"): void {
  if (typeof inner !== "function")
    throw badArgument(name, expected, shown(inner), "use constant({ value }) for a number");
}

/** The description of a schedule inside another. Throws if it has none. */
export function described(name: string, inner: Schedule): Description {
  if (inner.toJSON === undefined) {
    throw badArgument(
      name,
      "schedules that can be written down",
      "a plain function",
      "give it a toJSON, or keep this schedule in code",
    );
  }
  return inner.toJSON();
}
