import type { Schedule } from "@tenon/contracts";
import { badArgument, known, list } from "@tenon/guards";
import { passed } from "./internal/curves.js";
import { finite, rising } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface PiecewiseConstantOptions {
  /** The first step of each new value. */
  readonly boundaries: readonly number[];
  /** One more than boundaries. */
  readonly values: readonly number[];
}

/**
 * One value until the first boundary, the next from that step on, and so on: values[#{b : b ≤
 * step}].
 *
 * PyTorch and optax count like this; Keras keeps the old value at the boundary, so Keras' 5 is 6
 * here. Throws a RangeError unless the values are one more than the boundaries, all are finite and
 * the boundaries rise.
 */
export function piecewiseConstant(options: PiecewiseConstantOptions): Schedule {
  const { boundaries, values } = known("piecewiseConstant", options, "boundaries values");
  list("piecewiseConstant", "boundaries", boundaries);
  list("piecewiseConstant", "values", values);
  const bounds = [...boundaries];
  const levels = [...values];
  rising("piecewiseConstant", bounds);
  if (levels.length !== bounds.length + 1) {
    throw badArgument(
      "piecewiseConstant",
      "one value more than boundaries",
      `${levels.length} values and ${bounds.length} boundaries`,
    );
  }
  for (const value of levels) finite("piecewiseConstant", "value", value);
  return schedule(
    "piecewiseConstant",
    (step) => levels[passed(bounds, step)],
    () => ({ boundaries: bounds, values: levels }),
  );
}
