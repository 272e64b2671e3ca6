import type { Schedule } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { finite } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface ConstantOptions {
  readonly value: number;
}

/** The same value at every step. Throws a RangeError unless it is finite. */
export function constant(options: ConstantOptions): Schedule {
  const { value } = known("constant", options, "value");
  finite("constant", "value", value);
  return schedule(
    "constant",
    () => value,
    () => ({ value }),
  );
}
