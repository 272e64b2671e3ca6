import type { Transform } from "@tenon/contracts";
import { badArgument, flag, known } from "@tenon/guards";
import { withEpsilon } from "./internal/withEpsilon.js";
import { decay, epsilons } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";
import { power } from "./internal/power.js";

export interface ScaleByAdamOptions {
  /** Decay of the mean of gradients. @defaultValue 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: number;
  /**
   * Keeps the quotient finite; added outside the root. With 0 an element without gradients stays.
   * @defaultValue 1e-8
   */
  readonly eps?: number;
  /** Added inside the root (optax' `eps_root`). @defaultValue 0 */
  readonly epsRoot?: number;
  /**
   * Add `eps` to the root of v before its correction, as Keras does: the ε̂ of the paper's section
   * 2, in effect ε / √(1 − β₂ᵗ), which shortens the first steps. @defaultValue false
   */
  readonly epsHat?: boolean;
  /** Use the mean one step ahead, as NAdam does. @defaultValue false */
  readonly nesterov?: boolean;
  /**
   * Divide by the largest v so far, as PyTorch and Keras do, or by the largest corrected v, as
   * optax does. @defaultValue false
   */
  readonly amsgrad?: boolean | "corrected";
}

/**
 * Divides each gradient's running mean by the root of its running square.
 *
 * m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  g ← (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ) + ε_root) +
 * ε)
 *
 * With `amsgrad`, u ← max(u, v) stands for v. With `nesterov`, β₁m / (1 − β₁ᵗ⁺¹) + (1 − β₁)g / (1 −
 * β₁ᵗ) stands for m / (1 − β₁ᵗ). Throws a RangeError unless β₁ and β₂ are in [0, 1) and eps and
 * epsRoot are not negative.
 *
 * Kingma & Ba (2015), Adam, algorithm 1, arXiv:1412.6980. Reddi et al. (2018), AMSGrad,
 * arXiv:1904.09237. Dozat (2016), NAdam.
 */
export function scaleByAdam(options: ScaleByAdamOptions = {}): Transform {
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    eps = 1e-8,
    epsRoot = 0,
    epsHat = false,
    nesterov = false,
    amsgrad = false,
  } = known("scaleByAdam", options, "beta1 beta2 eps epsRoot epsHat nesterov amsgrad");
  decay("scaleByAdam", "beta1", beta1, 0.9);
  decay("scaleByAdam", "beta2", beta2, 0.999);
  epsilons("scaleByAdam", eps, epsRoot);
  flag("scaleByAdam", "epsHat", epsHat);
  flag("scaleByAdam", "nesterov", nesterov);
  if (amsgrad !== "corrected") flag("scaleByAdam", "amsgrad", amsgrad);
  if (epsHat && amsgrad === "corrected")
    throw badArgument(
      "scaleByAdam",
      'epsHat or amsgrad: "corrected"',
      "both",
      "one leaves v uncorrected, the other does not",
    );
  const name = amsgrad ? "scaleByAmsgrad" : "scaleByAdam";
  return perParameter(
    name,
    { m: 0, v: 0, u: amsgrad ? 0 : undefined },
    {
      mFactor: (step) =>
        nesterov ? beta1 / (1 - power(beta1, step + 2)) : 1 / (1 - power(beta1, step + 1)),
      gFactor: (step) => (1 - beta1) / (1 - power(beta1, step + 1)),
      vFactor: (step) => 1 / (1 - power(beta2, step + 1)),
      rootFactor: (step) => (epsHat ? Math.sqrt(1 - power(beta2, step + 1)) : 1),
    },
    ({ g, m, v, u }, { mFactor, gFactor, vFactor, rootFactor }) => {
      m = m.mul(beta1).add(g.mul(1 - beta1));
      v = v.mul(beta2).add(g.square().mul(1 - beta2));
      if (amsgrad) u = u.maximum(amsgrad === "corrected" ? v.mul(vFactor) : v);
      const largest = amsgrad ? u : v;
      const mHat = nesterov
        ? m.mul(mFactor.mul(rootFactor)).add(g.mul(gFactor.mul(rootFactor)))
        : m.mul(mFactor.mul(rootFactor));
      const vHat = epsHat || amsgrad === "corrected" ? largest : largest.mul(vFactor);
      g = mHat.div(withEpsilon((epsRoot > 0 ? vHat.add(epsRoot) : vHat).sqrt(), eps, epsRoot));
      return { g, m, v, u };
    },
  );
}
