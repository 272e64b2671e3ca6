import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, epsilons } from "./internal/guards.js";
import { correction, mean } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";
import { withEpsilon } from "./internal/rootOf.js";

export interface ScaleByBeliefOptions {
  /** Decay of the mean of gradients. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of (g − m)². @defaultValue 0.999 */
  readonly beta2?: Schedule | number;
  /**
   * Keeps the quotient finite; added outside the root. With 0 an element without gradients stays.
   * @defaultValue 1e-16
   */
  readonly eps?: Schedule | number;
  /** Added to s at every step. @defaultValue 1e-16 */
  readonly epsRoot?: Schedule | number;
}

/**
 * Adam that divides by how far gradients are from their mean: steps are long where gradients are
 * near it.
 *
 * m ← β₁m + (1 − β₁)g,  s ← β₂s + (1 − β₂)(g − m)² + ε_root,  g ← (m / (1 − β₁ᵗ)) / (√(s / (1 −
 * β₂ᵗ)) + ε)
 *
 * Throws a RangeError unless β₁ and β₂ are in [0, 1) and eps and epsRoot are not negative. Zhuang
 * et al. (2020), AdaBelief, arXiv:2010.07468
 */
export function scaleByBelief(options: ScaleByBeliefOptions = {}): Transform {
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    eps = 1e-16,
    epsRoot = 1e-16,
  } = known("scaleByBelief", options, "beta1 beta2 eps epsRoot");
  decay("scaleByBelief", "beta1", beta1, 0.9);
  decay("scaleByBelief", "beta2", beta2, 0.999);
  epsilons("scaleByBelief", eps, epsRoot);
  return perParameter(
    "scaleByBelief",
    { m: 0, s: 0 },
    {
      mFactor: correction(beta1),
      sFactor: correction(beta2),
      beta1,
      beta2,
      eps,
      epsRoot,
    },
    ({ g, m, s }, { mFactor, sFactor, ...now }) => {
      m = mean(m, g, now.beta1);
      s = mean(s, g.sub(m).square(), now.beta2).add(now.epsRoot);
      return {
        g: m.mul(mFactor).div(withEpsilon(s.mul(sFactor).sqrt(), now.eps, now.epsRoot)),
        m,
        s,
      };
    },
  );
}
