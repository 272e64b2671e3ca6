import type { Description, Json, Schedule } from "@tenon/contracts";
import { badArgument, finite, shown } from "@tenon/guards";

/**
 * A function of the step that refuses what is no number, with a description from which it can be
 * made again.
 *
 * @param name of the function that makes it: the type of the description
 * @param value a function of its own
 * @param options of the description
 * @param from where it is made of others: the same, from what `read` gives for each of them
 */
export function schedule(
  name: string,
  value: (step: number) => number,
  options: () => { readonly [option: string]: Json },
  from?: Schedule["from"],
): Schedule {
  function at(step: number): number {
    finite(name, "step", step);
    return value(step);
  }
  return Object.assign(at, { toJSON: () => ({ type: name, ...options() }) }, from && { from });
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
