import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, epsilons, notNegative } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";
import { power } from "./internal/power.js";
import { withEpsilon } from "./internal/withEpsilon.js";

export interface ScaleByAdanOptions {
  /** Decay of the mean of gradients. @defaultValue 0.98 */
  readonly beta1?: number;
  /** Decay of the mean of gradients' differences. @defaultValue 0.92 */
  readonly beta2?: number;
  /** Decay of the mean of squares. @defaultValue 0.99 */
  readonly beta3?: number;
  /** Added to the root. @defaultValue 1e-8 */
  readonly eps?: number;
  /** Added to the square before its root. @defaultValue 1e-8 */
  readonly epsRoot?: number;
  /**
   * How much the mean of differences counts. @defaultValue β₂, as in the paper; optax has 1 − β₂
   */
  readonly ahead?: number;
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
  notNegative("scaleByAdan", "ahead", ahead);
  decay("scaleByAdan", "beta1", beta1, 0.98);
  decay("scaleByAdan", "beta2", beta2, 0.92);
  decay("scaleByAdan", "beta3", beta3, 0.99);
  epsilons("scaleByAdan", eps, epsRoot);
  const correction = (beta: number) => (step: number) => 1 / (1 - power(beta, step + 1));
  return perParameter(
    "scaleByAdan",
    { m: 0, v: 0, n: 0, last: 0 },
    {
      mFactor: correction(beta1),
      vFactor: (step) => ahead * correction(beta2)(step),
      nFactor: correction(beta3),
      hasLast: (step) => (step === 0 ? 0 : 1),
    },
    ({ g, m, v, n, last }, { mFactor, vFactor, nFactor, hasLast }) => {
      const difference = g.sub(last).mul(hasLast);
      m = m.mul(beta1).add(g.mul(1 - beta1));
      v = v.mul(beta2).add(difference.mul(1 - beta2));
      n = n.mul(beta3).add(
        g
          .add(difference.mul(ahead))
          .square()
          .mul(1 - beta3),
      );
      const square = n.mul(nFactor);
      const root = withEpsilon((epsRoot > 0 ? square.add(epsRoot) : square).sqrt(), eps, epsRoot);
      return { g: m.mul(mFactor).add(v.mul(vFactor)).div(root), m, v, n, last: g };
    },
  );
}
