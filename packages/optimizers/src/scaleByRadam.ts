import type { Transform } from "@tenon/contracts";
import { badArgument, flag, known } from "@tenon/guards";
import { kept } from "./internal/kept.js";
import { decay, finite, notNegative } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";
import { power } from "./internal/power.js";

export interface ScaleByRadamOptions {
  /** Decay of the mean of gradients. @defaultValue 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: number;
  /** Keeps the quotient finite. With 0 what has no gradient stays. @defaultValue 1e-8 */
  readonly eps?: number;
  /**
   * Add ε to the root of v before its correction, as PyTorch does here (and not in Adam).
   * @defaultValue false
   */
  readonly epsHat?: boolean;
  /** So many steps must be in the mean of squares before it is trusted. @defaultValue 5 */
  readonly threshold?: number;
  /** Look ahead along the mean, as NAdam does. @defaultValue false */
  readonly nesterov?: boolean;
}

/**
 * Adam that does not divide by a mean square of too few steps.
 *
 * ρ∞ = 2 / (1 − β₂) − 1,  ρ = ρ∞ − 2tβ₂ᵗ / (1 − β₂ᵗ);  g ← r·m̂ / (√v̂ + ε) with r² = (ρ − 4)(ρ −
 * 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ) once ρ reaches the threshold, g ← m̂ until then
 *
 * Throws a RangeError unless β₁ and β₂ are in [0, 1), ε ≥ 0 and the threshold is at least 4. Liu et
 * al. (2020), arXiv:1908.03265
 */
export function scaleByRadam(options: ScaleByRadamOptions = {}): Transform {
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    eps = 1e-8,
    epsHat = false,
    threshold = 5,
    nesterov = false,
  } = known("scaleByRadam", options, "beta1 beta2 eps epsHat threshold nesterov");
  flag("scaleByRadam", "epsHat", epsHat);
  flag("scaleByRadam", "nesterov", nesterov);
  decay("scaleByRadam", "beta1", beta1, 0.9);
  decay("scaleByRadam", "beta2", beta2, 0.999);
  notNegative("scaleByRadam", "eps", eps);
  finite("scaleByRadam", "threshold", threshold);
  if (threshold < 4) throw badArgument("scaleByRadam", "threshold ≥ 4", threshold, "use 5");
  const most = 2 / (1 - beta2) - 1;
  /** How much the quotient counts; 0 until there are steps enough. */
  const rectified = (step: number): number => {
    const kept = power(beta2, step + 1);
    const rho = most - (2 * (step + 1) * kept) / (1 - kept);
    return rho < threshold
      ? 0
      : Math.sqrt(((rho - 4) * (rho - 2) * most) / ((most - 4) * (most - 2) * rho));
  };
  return perParameter(
    "scaleByRadam",
    { m: 0, v: 0 },
    {
      mean: (step) =>
        nesterov ? beta1 / (1 - power(beta1, step + 2)) : 1 / (1 - power(beta1, step + 1)),
      now: (step) => (1 - beta1) / (1 - power(beta1, step + 1)),
      spread: (step) => 1 / (1 - power(beta2, step + 1)),
      quotient: (step) => rectified(step) * (epsHat ? Math.sqrt(1 - power(beta2, step + 1)) : 1),
      plain: (step) => (rectified(step) === 0 ? 1 : 0),
    },
    ({ g, m, v }, { mean, now, spread, quotient, plain }) => {
      m = m.mul(beta1).add(g.mul(1 - beta1));
      v = v.mul(beta2).add(g.square().mul(1 - beta2));
      const mHat = nesterov ? m.mul(mean).add(g.mul(now)) : m.mul(mean);
      const root = kept((epsHat ? v : v.mul(spread)).sqrt(), eps);
      return { g: mHat.mul(quotient).div(root).add(mHat.mul(plain)), m, v };
    },
  );
}
