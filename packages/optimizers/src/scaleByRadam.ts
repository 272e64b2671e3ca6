import type { Transform } from "@tenon/contracts";
import { badArgument, flag, known } from "@tenon/guards";
import { withEpsilon } from "./internal/withEpsilon.js";
import { decay, finite, notNegative } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";
import { power } from "./internal/power.js";

export interface ScaleByRadamOptions {
  /** Decay of the mean of gradients. @defaultValue 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: number;
  /** Keeps the quotient finite. With 0 an element without gradients stays. @defaultValue 1e-8 */
  readonly eps?: number;
  /**
   * Add ε to the root of v before its correction, as PyTorch does here (and not in Adam).
   * @defaultValue false
   */
  readonly epsHat?: boolean;
  /** The number of steps in the mean of squares from which on it is used. @defaultValue 5 */
  readonly threshold?: number;
  /** Use the mean one step ahead, as NAdam does. @defaultValue false */
  readonly nesterov?: boolean;
}

/**
 * Adam that divides by the mean square only when it is of enough steps.
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
  const rhoMax = 2 / (1 - beta2) - 1;
  /** The factor r of the quotient; 0 until there are enough steps. */
  const rectified = (step: number): number => {
    const decayed = power(beta2, step + 1);
    const rho = rhoMax - (2 * (step + 1) * decayed) / (1 - decayed);
    return rho < threshold
      ? 0
      : Math.sqrt(((rho - 4) * (rho - 2) * rhoMax) / ((rhoMax - 4) * (rhoMax - 2) * rho));
  };
  return perParameter(
    "scaleByRadam",
    { m: 0, v: 0 },
    {
      mFactor: (step) =>
        nesterov ? beta1 / (1 - power(beta1, step + 2)) : 1 / (1 - power(beta1, step + 1)),
      gFactor: (step) => (1 - beta1) / (1 - power(beta1, step + 1)),
      vFactor: (step) => 1 / (1 - power(beta2, step + 1)),
      quotient: (step) => rectified(step) * (epsHat ? Math.sqrt(1 - power(beta2, step + 1)) : 1),
      plain: (step) => (rectified(step) === 0 ? 1 : 0),
    },
    ({ g, m, v }, { mFactor, gFactor, vFactor, quotient, plain }) => {
      m = m.mul(beta1).add(g.mul(1 - beta1));
      v = v.mul(beta2).add(g.square().mul(1 - beta2));
      const mHat = nesterov ? m.mul(mFactor).add(g.mul(gFactor)) : m.mul(mFactor);
      const root = withEpsilon((epsHat ? v : v.mul(vFactor)).sqrt(), eps);
      return { g: mHat.mul(quotient).div(root).add(mHat.mul(plain)), m, v };
    },
  );
}
