import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, epsilons, rate } from "./internal/guards.js";
import { correction, madeOf, mean } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";
import { rootOf } from "./internal/rootOf.js";

export interface ScaleByAdanOptions {
  /** Decay of the mean of gradients. @defaultValue 0.98 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of gradients' differences. @defaultValue 0.92 */
  readonly beta2?: Schedule | number;
  /** Decay of the mean of squares. @defaultValue 0.99 */
  readonly beta3?: Schedule | number;
  /** Added to the root. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
  /** Added to the square before its root. @defaultValue 1e-8 */
  readonly epsRoot?: Schedule | number;
  /**
   * How much the mean of differences counts. @defaultValue β₂, as in the paper; optax has 1 − β₂
   */
  readonly ahead?: Schedule | number;
}

/**
 * Adam that looks ahead by the difference d of two successive gradients, at first 0.
 *
 * m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)d,  n ← β₃n + (1 − β₃)(g + αd)²;  g ← (m̂ + αv̂) / (√(n̂
 * +
 * ε_root) + ε), with α = β₂
 *
 * Throws a RangeError unless all β are in [0, 1) and ε ≥ 0. Xie et al. (2022), algorithm 1; each β
 * is one minus theirs. arXiv:2208.06677
 */
export function scaleByAdan(options: ScaleByAdanOptions = {}): Transform {
  const {
    beta1 = 0.98,
    beta2 = 0.92,
    beta3 = 0.99,
    eps = 1e-8,
    epsRoot = 1e-8,
    ahead = beta2,
  } = known("scaleByAdan", options, "beta1 beta2 beta3 eps epsRoot ahead");
  decay("scaleByAdan", "beta1", beta1, 0.98);
  decay("scaleByAdan", "beta2", beta2, 0.92);
  decay("scaleByAdan", "beta3", beta3, 0.99);
  rate("scaleByAdan", "ahead", ahead);
  epsilons("scaleByAdan", eps, epsRoot);
  return perParameter(
    "scaleByAdan",
    { m: 0, v: 0, n: 0, last: 0 },
    {
      mFactor: correction(beta1),
      vFactor: madeOf(
        [ahead, correction(beta2)],
        (at, factor) => (step) => at(step) * factor(step),
      ),
      nFactor: correction(beta3),
      hasLast: (step) => (step === 0 ? 0 : 1),
      beta1,
      beta2,
      beta3,
      eps,
      epsRoot,
      ahead,
    },
    ({ g, m, v, n, last }, { mFactor, vFactor, nFactor, hasLast, ...now }) => {
      const difference = g.sub(last).mul(hasLast);
      m = mean(m, g, now.beta1);
      v = mean(v, difference, now.beta2);
      n = mean(n, g.add(difference.mul(now.ahead)).square(), now.beta3);
      const root = rootOf(n.mul(nFactor), now.eps, now.epsRoot);
      return { g: m.mul(mFactor).add(v.mul(vFactor)).div(root), m, v, n, last: g };
    },
  );
}
