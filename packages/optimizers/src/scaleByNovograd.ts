import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, epsilons, notNegative } from "./internal/guards.js";
import { normOf } from "./internal/norms.js";
import { perParameter, scalar } from "./internal/perParameter.js";
import { withEpsilon } from "./internal/withEpsilon.js";

export interface ScaleByNovogradOptions {
  /** The fraction of the velocity that remains in a step. @defaultValue 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of squared norms. @defaultValue 0.25 */
  readonly beta2?: number;
  /** Added to the root. @defaultValue 1e-6 */
  readonly eps?: number;
  /** Added to the square before its root. @defaultValue 0 */
  readonly epsRoot?: number;
  /** How much of the parameter is added to the normalized gradient. @defaultValue 0 */
  readonly weightDecay?: number;
}

/**
 * A velocity of gradients that are divided by the norm of their parameter's gradient.
 *
 * v ← β₂v + (1 − β₂)‖g‖² (the first is ‖g‖² itself),  m ← β₁m + g / (√(v + ε_root) + ε) + λw,  g ←
 * m
 *
 * Throws a RangeError unless β₁ and β₂ are in [0, 1) and the others ≥ 0. Ginsburg et al. (2019),
 * arXiv:1905.11286
 */
export function scaleByNovograd(options: ScaleByNovogradOptions = {}): Transform {
  const {
    beta1 = 0.9,
    beta2 = 0.25,
    eps = 1e-6,
    epsRoot = 0,
    weightDecay = 0,
  } = known("scaleByNovograd", options, "beta1 beta2 eps epsRoot weightDecay");
  decay("scaleByNovograd", "beta1", beta1, 0.9);
  decay("scaleByNovograd", "beta2", beta2, 0.25);
  epsilons("scaleByNovograd", eps, epsRoot);
  notNegative("scaleByNovograd", "weightDecay", weightDecay);
  return perParameter(
    "scaleByNovograd",
    { m: 0, v: scalar(0) },
    {
      old: (step) => (step === 0 ? 0 : beta2),
      fresh: (step) => (step === 0 ? 1 : 1 - beta2),
    },
    ({ g, w, m, v }, { old, fresh }) => {
      const { scaled, unscale } = normOf([g]);
      v = v.mul(old).add(scaled.mul(unscale).square().mul(fresh));
      const root = withEpsilon((epsRoot > 0 ? v.add(epsRoot) : v).sqrt(), eps, epsRoot);
      const direction = g.div(root);
      m = m.mul(beta1).add(weightDecay > 0 ? direction.add(w.mul(weightDecay)) : direction);
      return { g: m, m, v };
    },
  );
}
