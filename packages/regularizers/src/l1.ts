import type { Penalty } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative } from "./internal/guards.js";
import type { OnlyOptions } from "./internal/only.js";
import { penalty } from "./internal/penalty.js";

export type { OnlyOptions };

/**
 * Punishes each parameter by its size, which makes small ones zero: λ·Σ|w|, gradient λ·sign(w).
 *
 * @param rate λ
 * @throws RangeError unless λ is finite and ≥ 0, and, where it is used, if `only` accepts no
 *   parameter
 *
 * Tibshirani (1996), Regression shrinkage and selection via the lasso
 */
export function l1(rate = 0.01, options: OnlyOptions = {}): Penalty {
  known("l1", options, "only");
  notNegative("l1", "rate", rate);
  return penalty("l1", options, (w) => w.abs().sum().mul(rate));
}
