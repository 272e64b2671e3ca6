import type { Schedule, Transform } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { checkHyper, constraint, directionOf, type AxesOptions } from "./internal/constraint.js";
import { notNegative, positive } from "./internal/guards.js";

export interface MinMaxNormOptions extends AxesOptions {
  /** The smallest norm: a number or a function of the step. @defaultValue 0 */
  readonly min?: Schedule | number;
  /** The largest norm. @defaultValue 1 */
  readonly max?: Schedule | number;
  /** Fraction of the way to the bound per step, in (0, 1]. @defaultValue 1 */
  readonly rate?: Schedule | number;
  /** Keeps zeros zero, which no schedule has a use for. @defaultValue 1e-7 */
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
  checkHyper(notNegative, "minMaxNorm", "min", min);
  checkHyper(positive, "minMaxNorm", "max", max);
  checkHyper(positive, "minMaxNorm", "rate", rate);
  notNegative("minMaxNorm", "eps", eps);
  if (typeof min === "number" && typeof max === "number" && min > max)
    throw badArgument("minMaxNorm", "min ≤ max", `${min} and ${max}`);
  if (typeof rate === "number" && rate > 1) throw badArgument("minMaxNorm", "rate in (0, 1]", rate);
  return constraint("minMaxNorm", options, { min, max, rate }, (w, now) => {
    const { unit, norms, whole } = directionOf(w, axes, eps);
    const held = unit.mul(norms.maximum(now.min).minimum(now.max).mul(now.rate));
    if (now.rate === 1) return held;
    const rest = typeof now.rate === "number" ? 1 - now.rate : now.rate.neg().add(1);
    return held.add(whole.mul(rest));
  });
}
