import type { Schedule } from "@tenon/contracts";
import { badArgument, known, list } from "@tenon/guards";
import { between, passed } from "./internal/curves.js";
import { finite, oneOf, rising } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface PiecewiseInterpolateOptions {
  /** The steps at which the values are reached. */
  readonly boundaries: readonly number[];
  /** As many as boundaries. */
  readonly values: readonly number[];
  /** @defaultValue "linear" */
  readonly interpolation?: "linear" | "cosine";
}

/**
 * From point to point (boundaries[i], values[i]) along lines or half cosines; the first value
 * before them, the last after.
 *
 * optax' one-cycle schedules are of this kind. Throws a RangeError unless there are as many values
 * as boundaries, at least one, all are finite and the boundaries rise.
 */
export function piecewiseInterpolate(options: PiecewiseInterpolateOptions): Schedule {
  const {
    boundaries,
    values,
    interpolation = "linear",
  } = known("piecewiseInterpolate", options, "boundaries values interpolation");
  list("piecewiseInterpolate", "boundaries", boundaries);
  list("piecewiseInterpolate", "values", values);
  const bounds = [...boundaries];
  const levels = [...values];
  rising("piecewiseInterpolate", bounds);
  oneOf("piecewiseInterpolate", "interpolation", interpolation, ["linear", "cosine"]);
  if (levels.length !== bounds.length || bounds.length === 0) {
    throw badArgument(
      "piecewiseInterpolate",
      "as many values as boundaries, and one at least",
      `${levels.length} values and ${bounds.length} boundaries`,
    );
  }
  for (const value of levels) finite("piecewiseInterpolate", "value", value);
  function value(step: number): number {
    const next = passed(bounds, step);
    if (next === 0) return levels[0];
    if (next === bounds.length) return levels[next - 1];
    return between(
      levels[next - 1],
      levels[next],
      (step - bounds[next - 1]) / (bounds[next] - bounds[next - 1]),
      interpolation,
    );
  }
  return schedule("piecewiseInterpolate", value, () => ({
    boundaries: bounds,
    values: levels,
    interpolation,
  }));
}
