import { known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { checkFinite, checkPositive } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";
import { softplusOf } from "./internal/softplus.js";

export interface SoftplusOptions {
  /** β: the larger, the nearer to max(x, 0). @defaultValue 1 */
  readonly beta?: number;
  /** Above it, x is taken for the result; PyTorch has 20. @defaultValue none */
  readonly threshold?: number;
}

/**
 * A smooth max(x, 0): y = log(1 + e^(βx)) / β, and x itself where βx is above the threshold. Keras
 * `softplus`, PyTorch `Softplus`.
 *
 * Dugas et al. (2001), Incorporating second-order functional knowledge for better option pricing.
 * NeurIPS 13
 */
export function softplus(options: SoftplusOptions = {}): Activation {
  const { beta = 1, threshold } = known("softplus", options, "beta threshold");
  checkPositive("softplus", "beta", beta);
  if (threshold !== undefined) checkFinite("softplus", "threshold", threshold);
  return elementwise(
    "softplus",
    (x: Tensor) => {
      const scaled = x.mul(beta);
      const soft = softplusOf(scaled).div(beta);
      return threshold === undefined ? soft : where(scaled.greater(threshold), x, soft);
    },
    () => describe("softplus", options),
  );
}
