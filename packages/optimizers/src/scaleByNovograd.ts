import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, epsilons, rate } from "./internal/guards.js";
import { madeOf } from "./internal/hyper.js";
import { normOf } from "./internal/norms.js";
import { perParameter, scalar } from "./internal/perParameter.js";
import { isZero, rootOf } from "./internal/rootOf.js";

export interface ScaleByNovogradOptions {
  /** The fraction of the velocity that remains in a step. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of squared norms. @defaultValue 0.25 */
  readonly beta2?: Schedule | number;
  /** Added to the root. @defaultValue 1e-6 */
  readonly eps?: Schedule | number;
  /** Added to the square before its root. @defaultValue 0 */
  readonly epsRoot?: Schedule | number;
  /** How much of the parameter is added to the normalized gradient. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
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
  rate("scaleByNovograd", "weightDecay", weightDecay);
  return perParameter(
    "scaleByNovograd",
    { m: 0, v: scalar(0) },
    {
      old: madeOf([beta2], (at) => (step) => (step === 0 ? 0 : at(step))),
      fresh: madeOf([beta2], (at) => (step) => (step === 0 ? 1 : 1 - at(step))),
      beta1,
      eps,
      epsRoot,
      weightDecay,
    },
    ({ g, w, m, v }, { old, fresh, ...now }) => {
      const { scaled, unscale } = normOf([g]);
      v = v.mul(old).add(scaled.mul(unscale).square().mul(fresh));
      const direction = g.div(rootOf(v, now.eps, now.epsRoot));
      m = m
        .mul(now.beta1)
        .add(isZero(weightDecay) ? direction : direction.add(w.mul(now.weightDecay)));
      return { g: m, m, v };
    },
  );
}
