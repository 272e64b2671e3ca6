import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { checkHyper, constraint, directionOf, type AxesOptions } from "./internal/constraint.js";
import { notNegative, positive } from "./internal/guards.js";

export interface UnitNormOptions extends AxesOptions {
  /** The norm that all get: a number or a function of the step. @defaultValue 1 */
  readonly norm?: Schedule | number;
  /** Keeps zeros zero, which no schedule has a use for. @defaultValue 1e-7 */
  readonly eps?: number;
}

/**
 * Gives everything the same norm after each step: w ← w·norm / (ε + ‖w‖), as Keras has it. Last in
 * the chain.
 *
 * Throws a RangeError unless norm is finite and above 0 and eps not negative.
 */
export function unitNorm(options: UnitNormOptions = {}): Transform {
  const { norm = 1, eps = 1e-7, axes } = known("unitNorm", options, "norm eps axes only");
  checkHyper(positive, "unitNorm", "norm", norm);
  notNegative("unitNorm", "eps", eps);
  return constraint("unitNorm", options, { norm }, (w, now) =>
    directionOf(w, axes, eps).unit.mul(now.norm),
  );
}
