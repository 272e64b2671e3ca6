import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, epsilons, notNegative } from "./internal/guards.js";
import { correction, mapped, mean } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";
import { rootOf } from "./internal/rootOf.js";

export interface ScaleByYogiOptions {
  /** Decay of the mean of gradients. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** How slowly v follows the squares. @defaultValue 0.999 */
  readonly beta2?: Schedule | number;
  /**
   * Keeps the quotient finite; added outside the root. With 0 an element without gradients stays.
   * @defaultValue 1e-3
   */
  readonly eps?: Schedule | number;
  /** Added inside the root. @defaultValue 0 */
  readonly epsRoot?: Schedule | number;
  /** m and v before the first step. @defaultValue 1e-6 */
  readonly start?: number;
}

/**
 * Adam whose v changes towards g² by at most (1 − β₂)g², and so never falls fast.
 *
 * m ← β₁m + (1 − β₁)g,  v ← v − (1 − β₂)·sign(v − g²)·g²,  g ← (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ) +
 * ε_root) + ε)
 *
 * Throws a RangeError unless β₁ and β₂ are in [0, 1), start ≥ 0 and eps and epsRoot are not
 * negative. Zaheer et al. (2018), Adaptive methods for nonconvex optimization
 */
export function scaleByYogi(options: ScaleByYogiOptions = {}): Transform {
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    eps = 1e-3,
    epsRoot = 0,
    start = 1e-6,
  } = known("scaleByYogi", options, "beta1 beta2 eps epsRoot start");
  decay("scaleByYogi", "beta1", beta1, 0.9);
  decay("scaleByYogi", "beta2", beta2, 0.999);
  epsilons("scaleByYogi", eps, epsRoot);
  notNegative("scaleByYogi", "start", start);
  return perParameter(
    "scaleByYogi",
    { m: start, v: start },
    {
      mFactor: correction(beta1),
      vFactor: correction(beta2),
      fresh: mapped(beta2, (beta) => 1 - beta),
      beta1,
      eps,
      epsRoot,
    },
    ({ g, m, v }, { mFactor, vFactor, fresh, ...now }) => {
      m = mean(m, g, now.beta1);
      const square = g.square();
      v = v.sub(v.sub(square).sign().mul(square).mul(fresh));
      return { g: m.mul(mFactor).div(rootOf(v.mul(vFactor), now.eps, now.epsRoot)), m, v };
    },
  );
}
