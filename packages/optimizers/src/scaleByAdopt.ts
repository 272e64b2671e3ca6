import type { Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { decay, positiveRate } from "./internal/guards.js";
import { madeOf, mapped, type Hyper } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByAdoptOptions {
  /** Decay of the mean of normalized gradients. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of squared gradients. @defaultValue 0.9999 */
  readonly beta2?: Schedule | number;
  /** The least root that is divided by. @defaultValue 1e-6 */
  readonly eps?: Schedule | number;
  /** Use the mean one step ahead. @defaultValue false */
  readonly nesterov?: boolean;
  /** Hold normalized gradients within ±⁴√t, counted from 0. @defaultValue true */
  readonly clip?: boolean;
}

/**
 * Adam that converges with any β₂: a gradient is divided by the mean of squares before it, and the
 * quotients are averaged. The first step only begins the mean of squares.
 *
 * m ← β₁m + (1 − β₁) g / max(√v, ε),  v ← β₂v + (1 − β₂)g² (the first is g² itself),  g ← m
 *
 * Throws a RangeError unless β₁ and β₂ are in [0, 1) and ε > 0. Taniguchi et al. (2024),
 * arXiv:2411.02853
 */
export function scaleByAdopt(options: ScaleByAdoptOptions = {}): Transform {
  const {
    beta1 = 0.9,
    beta2 = 0.9999,
    eps = 1e-6,
    nesterov = false,
    clip = true,
  } = known("scaleByAdopt", options, "beta1 beta2 eps nesterov clip");
  decay("scaleByAdopt", "beta1", beta1, 0.9);
  decay("scaleByAdopt", "beta2", beta2, 0.9999);
  positiveRate("scaleByAdopt", "eps", eps);
  flag("scaleByAdopt", "nesterov", nesterov);
  flag("scaleByAdopt", "clip", clip);
  const later = (first: number, then: Hyper): Schedule =>
    madeOf([then], (at) => (step) => (step === 0 ? first : at(step)));
  const rest = (beta: number): number => 1 - beta;
  return perParameter(
    "scaleByAdopt",
    { m: 0, v: 0 },
    {
      mOld: later(1, beta1),
      mFresh: later(0, mapped(beta1, rest)),
      vOld: later(0, beta2),
      vFresh: later(1, mapped(beta2, rest)),
      bound: (step) => Math.sqrt(Math.sqrt(step)),
      eps,
    },
    ({ g, m, v }, { mOld, mFresh, vOld, vFresh, bound, eps }) => {
      const quotient = g.div(v.sqrt().maximum(eps));
      const fresh = clip ? quotient.minimum(bound).maximum(bound.neg()) : quotient;
      m = m.mul(mOld).add(fresh.mul(mFresh));
      v = v.mul(vOld).add(g.square().mul(vFresh));
      return { g: nesterov ? m.mul(mOld).add(fresh.mul(mFresh)) : m, m, v };
    },
  );
}
