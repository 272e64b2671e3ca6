import type { Schedule, Transform } from "@tenon/contracts";
import { known, power } from "@tenon/guards";
import { decay, rate } from "./internal/guards.js";
import { correction, madeOf, mapped, mean } from "./internal/hyper.js";
import { perParameter, scalar } from "./internal/perParameter.js";
import { powerOf096 } from "./internal/realPower.js";
import { rootOf } from "./internal/rootOf.js";

export interface ScaleByNadamOptions {
  /** The mean of gradients decays by this in the end, by half of it at first. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: Schedule | number;
  /** Keeps the quotient finite. With 0 an element without gradients stays. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
  /** How fast momentum grows, ψ; Keras has 1. @defaultValue 0.004 */
  readonly momentumDecay?: Schedule | number;
}

/**
 * Adam with Nesterov's look-ahead, and a momentum that grows: μₜ = β₁ (1 − ½·0.96^(tψ)).
 *
 * m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²;  g ← (μₜ₊₁ m / (1 − Πμ·μₜ₊₁) + (1 − μₜ) g / (1 − Πμ))
 * / (√v̂ + ε), with Πμ = μ₁ … μₜ
 *
 * As in PyTorch and, with ψ = 1, Keras; that of optax is `scaleByAdam({ nesterov: true })`. Throws
 * a
 * RangeError unless β₁ and β₂ are in [0, 1), ε ≥ 0 and ψ ≥ 0. Dozat (2016), Incorporating Nesterov
 * momentum into Adam, algorithm 8.
 */
export function scaleByNadam(options: ScaleByNadamOptions = {}): Transform {
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    eps = 1e-8,
    momentumDecay = 0.004,
  } = known("scaleByNadam", options, "beta1 beta2 eps momentumDecay");
  decay("scaleByNadam", "beta1", beta1, 0.9);
  decay("scaleByNadam", "beta2", beta2, 0.999);
  rate("scaleByNadam", "eps", eps);
  rate("scaleByNadam", "momentumDecay", momentumDecay);
  /** The momentum so many steps after this one. */
  const momentum = (ahead: number): Schedule =>
    madeOf(
      [beta1, mapped(momentumDecay, powerOf096)],
      (at, base) => (step) => at(step) * (1 - 0.5 * power(base(step), step + 1 + ahead)),
    );
  return perParameter(
    "scaleByNadam",
    { m: 0, v: 0, product: scalar(1) },
    {
      now: momentum(0),
      next: momentum(1),
      vFactor: correction(beta2),
      beta1,
      beta2,
      eps,
    },
    ({ g, m, v, product }, { now, next, vFactor, beta1, beta2, eps }) => {
      m = mean(m, g, beta1);
      v = mean(v, g.square(), beta2);
      product = product.mul(now);
      const mFactor = next.div(product.mul(next).neg().add(1));
      const gFactor = now.neg().add(1).div(product.neg().add(1));
      const ahead = m.mul(mFactor).add(g.mul(gFactor));
      return { g: ahead.div(rootOf(v.mul(vFactor), eps)), m, v, product };
    },
  );
}
