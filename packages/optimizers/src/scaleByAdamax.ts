import type { Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { withEpsilon } from "./internal/withEpsilon.js";
import { decay, notNegative } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";
import { power } from "./internal/power.js";

export interface ScaleByAdamaxOptions {
  /** Decay of the mean of gradients. @defaultValue 0.9 */
  readonly beta1?: number;
  /** Decay of the largest gradient. @defaultValue 0.999 */
  readonly beta2?: number;
  /** Keeps the quotient finite. With 0 an element without gradients stays. @defaultValue 1e-8 */
  readonly eps?: number;
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
  notNegative("scaleByAdamax", "eps", eps);
  flag("scaleByAdamax", "epsOutside", epsOutside);
  return perParameter(
    "scaleByAdamax",
    { m: 0, u: 0 },
    { mFactor: (step) => 1 / (1 - power(beta1, step + 1)) },
    ({ g, m, u }, { mFactor }) => {
      m = m.mul(beta1).add(g.mul(1 - beta1));
      u = u.mul(beta2).maximum(epsOutside || eps === 0 ? g.abs() : g.abs().add(eps));
      return { g: m.mul(mFactor).div(epsOutside || eps === 0 ? withEpsilon(u, eps) : u), m, u };
    },
  );
}
