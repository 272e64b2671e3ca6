import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, epsilons, rate } from "./internal/guards.js";
import { correction, madeOf, mean } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";
import { rootOf } from "./internal/rootOf.js";

export interface ScaleByAdemamixOptions {
  /** Decay of the fast mean of gradients. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: Schedule | number;
  /** Decay of the slow mean of gradients. @defaultValue 0.9999 */
  readonly beta3?: Schedule | number;
  /** How much the slow mean counts; the paper has 5 to 8. @defaultValue 5 */
  readonly alpha?: Schedule | number;
  /** Added to the root. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
  /** Added to the square before its root. @defaultValue 0 */
  readonly epsRoot?: Schedule | number;
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
  decay("scaleByAdemamix", "beta3", beta3, 0.9999);
  rate("scaleByAdemamix", "alpha", alpha);
  epsilons("scaleByAdemamix", eps, epsRoot);
  return perParameter(
    "scaleByAdemamix",
    { fast: 0, slow: 0, v: 0 },
    {
      slowDecay: madeOf([beta3], (at) => at),
      slowFresh: madeOf([beta3], (at) => (step) => 1 - at(step)),
      weight: madeOf([alpha], (at) => at),
      mFactor: correction(beta1),
      vFactor: correction(beta2),
      beta1,
      beta2,
      eps,
      epsRoot,
    },
    ({ g, fast, slow, v }, { slowDecay, slowFresh, weight, mFactor, vFactor, ...now }) => {
      fast = mean(fast, g, now.beta1);
      slow = slow.mul(slowDecay).add(g.mul(slowFresh));
      v = mean(v, g.square(), now.beta2);
      const root = rootOf(v.mul(vFactor), now.eps, now.epsRoot);
      return { g: fast.mul(mFactor).add(slow.mul(weight)).div(root), fast, slow, v };
    },
  );
}
