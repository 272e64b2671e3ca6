import type { Schedule, Transform } from "@tenon/contracts";
import { badArgument, flag, known, power } from "@tenon/guards";
import { decay, finite, rate } from "./internal/guards.js";
import { correction, freshPart, madeOf, mean, meanAhead } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";
import { rootOf } from "./internal/rootOf.js";

export interface ScaleByRadamOptions {
  /** Decay of the mean of gradients. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: Schedule | number;
  /** Keeps the quotient finite. With 0 an element without gradients stays. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
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
  rate("scaleByRadam", "eps", eps);
  finite("scaleByRadam", "threshold", threshold);
  if (threshold < 4) throw badArgument("scaleByRadam", "threshold ≥ 4", threshold, "use 5");
  /** The factor r of the quotient; 0 until there are enough steps. */
  const rectified = (beta: number, step: number): number => {
    const rhoMax = 2 / (1 - beta) - 1;
    const decayed = power(beta, step + 1);
    const rho = rhoMax - (2 * (step + 1) * decayed) / (1 - decayed);
    return rho < threshold
      ? 0
      : Math.sqrt(((rho - 4) * (rho - 2) * rhoMax) / ((rhoMax - 4) * (rhoMax - 2) * rho));
  };
  return perParameter(
    "scaleByRadam",
    { m: 0, v: 0 },
    {
      mFactor: nesterov ? meanAhead(beta1) : correction(beta1),
      gFactor: freshPart(beta1),
      vFactor: correction(beta2),
      quotient: madeOf([beta2], (at) => (step) => {
        const root = epsHat ? Math.sqrt(1 - power(at(step), step + 1)) : 1;
        return rectified(at(step), step) * root;
      }),
      plain: madeOf([beta2], (at) => (step) => (rectified(at(step), step) === 0 ? 1 : 0)),
      beta1,
      beta2,
      eps,
    },
    ({ g, m, v }, { mFactor, gFactor, vFactor, quotient, plain, ...now }) => {
      m = mean(m, g, now.beta1);
      v = mean(v, g.square(), now.beta2);
      const mHat = nesterov ? m.mul(mFactor).add(g.mul(gFactor)) : m.mul(mFactor);
      const root = rootOf(epsHat ? v : v.mul(vFactor), now.eps);
      return { g: mHat.mul(quotient).div(root).add(mHat.mul(plain)), m, v };
    },
  );
}
