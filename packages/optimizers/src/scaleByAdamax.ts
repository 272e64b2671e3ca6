import type { Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { decay, rate } from "./internal/guards.js";
import { correction, mean } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";
import { isZero, withEpsilon } from "./internal/rootOf.js";

export interface ScaleByAdamaxOptions {
  /** Decay of the mean of gradients. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the largest gradient. @defaultValue 0.999 */
  readonly beta2?: Schedule | number;
  /** Keeps the quotient finite. With 0 an element without gradients stays. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
  /** Add ε to the divisor, as Keras does, and not to |g| within the maximum. @defaultValue false */
  readonly epsOutside?: boolean;
}

/**
 * Adam with the largest recent gradient in place of the root of the mean square.
 *
 * m ← β₁m + (1 − β₁)g,  u ← max(β₂u, |g| + ε),  g ← m / (1 − β₁ᵗ) / u
 *
 * Throws a RangeError unless β₁ and β₂ are in [0, 1) and ε ≥ 0. Kingma & Ba (2015), algorithm 2,
 * arXiv:1412.6980
 */
export function scaleByAdamax(options: ScaleByAdamaxOptions = {}): Transform {
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    eps = 1e-8,
    epsOutside = false,
  } = known("scaleByAdamax", options, "beta1 beta2 eps epsOutside");
  decay("scaleByAdamax", "beta1", beta1, 0.9);
  decay("scaleByAdamax", "beta2", beta2, 0.999);
  rate("scaleByAdamax", "eps", eps);
  flag("scaleByAdamax", "epsOutside", epsOutside);
  return perParameter(
    "scaleByAdamax",
    { m: 0, u: 0 },
    { mFactor: correction(beta1), beta1, beta2, eps },
    ({ g, m, u }, { mFactor, ...now }) => {
      m = mean(m, g, now.beta1);
      const isOutside = epsOutside || isZero(eps);
      u = u.mul(now.beta2).maximum(isOutside ? g.abs() : g.abs().add(now.eps));
      return { g: m.mul(mFactor).div(isOutside ? withEpsilon(u, now.eps) : u), m, u };
    },
  );
}
