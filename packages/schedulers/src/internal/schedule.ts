import type { Description, Schedule } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";

/** A function of the step, with a description from which it can be made again. */
export function schedule(value: (step: number) => number, describe: () => Description): Schedule {
  return Object.assign((step: number): number => value(step), { toJSON: describe });
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
