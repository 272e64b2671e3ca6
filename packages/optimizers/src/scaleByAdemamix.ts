import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, epsilons, rate } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";
import { power } from "./internal/power.js";
import { withEpsilon } from "./internal/withEpsilon.js";

export interface ScaleByAdemamixOptions {
  /** Decay of the fast mean of gradients. @defaultValue 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: number;
  /** Decay of the slow mean of gradients. @defaultValue 0.9999 */
  readonly beta3?: Schedule | number;
  /** How much the slow mean counts; the paper has 5 to 8. @defaultValue 5 */
  readonly alpha?: Schedule | number;
  /** Added to the root. @defaultValue 1e-8 */
  readonly eps?: number;
  /** Added to the square before its root. @defaultValue 0 */
  readonly epsRoot?: number;
}

/**
 * Adam with a second, slow mean of gradients, which remembers tens of thousands of steps.
 *
 * m₁ ← β₁m₁ + (1 − β₁)g,  m₂ ← β₃m₂ + (1 − β₃)g,  v ← β₂v + (1 − β₂)g²;  g ← (m̂₁ + αm₂) / (√(v̂ +
 * ε_root) + ε)
 *
 * The paper lets α and β₃ grow from 0 and β₁ in the beginning: give schedules. Throws a RangeError
 * unless all β are in [0, 1) and the others ≥ 0. Pagliardini, Ablin & Grangier (2024),
 * arXiv:2409.03137
 */
export function scaleByAdemamix(options: ScaleByAdemamixOptions = {}): Transform {
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    beta3 = 0.9999,
    alpha = 5,
    eps = 1e-8,
    epsRoot = 0,
  } = known("scaleByAdemamix", options, "beta1 beta2 beta3 alpha eps epsRoot");
  decay("scaleByAdemamix", "beta1", beta1, 0.9);
  decay("scaleByAdemamix", "beta2", beta2, 0.999);
  if (typeof beta3 !== "function") decay("scaleByAdemamix", "beta3", beta3, 0.9999);
  rate("scaleByAdemamix", "alpha", alpha);
  epsilons("scaleByAdemamix", eps, epsRoot);
  const slowDecay = typeof beta3 === "function" ? beta3 : () => beta3;
  return perParameter(
    "scaleByAdemamix",
    { fast: 0, slow: 0, v: 0 },
    {
      slowDecay,
      slowFresh: (step) => 1 - slowDecay(step),
      weight: alpha,
      mFactor: (step) => 1 / (1 - power(beta1, step + 1)),
      vFactor: (step) => 1 / (1 - power(beta2, step + 1)),
    },
    ({ g, fast, slow, v }, { slowDecay, slowFresh, weight, mFactor, vFactor }) => {
      fast = fast.mul(beta1).add(g.mul(1 - beta1));
      slow = slow.mul(slowDecay).add(g.mul(slowFresh));
      v = v.mul(beta2).add(g.square().mul(1 - beta2));
      const square = v.mul(vFactor);
      const root = withEpsilon((epsRoot > 0 ? square.add(epsRoot) : square).sqrt(), eps, epsRoot);
      return { g: fast.mul(mFactor).add(slow.mul(weight)).div(root), fast, slow, v };
    },
  );
}
