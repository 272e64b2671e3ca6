import type { Transform } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { constraint, directionOf, type AxesOptions } from "./internal/constraint.js";
import { notNegative, positive } from "./internal/guards.js";

export interface MinMaxNormOptions extends AxesOptions {
  /** The smallest norm. @defaultValue 0 */
  readonly min?: number;
  /** The largest norm. @defaultValue 1 */
  readonly max?: number;
  /** Fraction of the way to the bound per step, in (0, 1]. @defaultValue 1 */
  readonly rate?: number;
  /** Keeps zeros zero. @defaultValue 1e-7 */
  readonly eps?: number;
}

/**
 * Holds norms between two bounds after each step: w ← w·(rate·clip(‖w‖, min, max) + (1 − rate)·‖w‖)
 * / (ε + ‖w‖), as Keras has it.
 *
 * Last in the chain. Throws a RangeError unless 0 ≤ min ≤ max, max > 0, rate is in (0, 1] and eps ≥
 * 0.
 */
export function minMaxNorm(options: MinMaxNormOptions = {}): Transform {
  const {
    min = 0,
    max = 1,
    rate = 1,
    eps = 1e-7,
    axes,
  } = known("minMaxNorm", options, "min max rate eps axes only");
  notNegative("minMaxNorm", "min", min);
  positive("minMaxNorm", "max", max);
  positive("minMaxNorm", "rate", rate);
  notNegative("minMaxNorm", "eps", eps);
  if (min > max) throw badArgument("minMaxNorm", "min ≤ max", `${min} and ${max}`);
  if (rate > 1) throw badArgument("minMaxNorm", "rate in (0, 1]", rate);
  return constraint("minMaxNorm", options, (w) => {
    const { unit, norms, whole } = directionOf(w, axes, eps);
    const held = unit.mul(norms.maximum(min).minimum(max).mul(rate));
    return rate === 1 ? held : held.add(whole.mul(1 - rate));
  });
}
