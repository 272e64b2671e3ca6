import type { Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { decay, epsilons, notNegative } from "./internal/guards.js";
import { correction, mean } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";
import { rootOf } from "./internal/rootOf.js";

export interface ScaleByRmsOptions {
  /** Decay of the mean of squared gradients. @defaultValue 0.9 */
  readonly decay?: Schedule | number;
  /**
   * Keeps the quotient finite; added outside the root. With 0 an element without gradients stays.
   * @defaultValue 1e-8
   */
  readonly eps?: Schedule | number;
  /** Added inside the root. @defaultValue 0 */
  readonly epsRoot?: Schedule | number;
  /** Take the variance of the gradients instead of their mean square. @defaultValue false */
  readonly centered?: boolean;
  /** Divide the means by 1 − decayᵗ, as Adam does. @defaultValue false */
  readonly biasCorrection?: boolean;
  /** The mean square before the first step. @defaultValue 0 */
  readonly start?: number;
}

/**
 * Divides each gradient by the root of the running mean of its squares.
 *
 * v ← ρv + (1 − ρ)g²,  g ← g / (√(v + ε_root) + ε); with `centered`, m ← ρm + (1 − ρ)g and v − m²
 * stands for v
 *
 * Throws a RangeError unless ρ is in [0, 1) and eps and epsRoot are not negative. Tieleman & Hinton
 * (2012), Neural networks for machine learning, lecture 6e. Centered: Graves (2013),
 * arXiv:1308.0850.
 */
export function scaleByRms(options: ScaleByRmsOptions = {}): Transform {
  const {
    decay: rho = 0.9,
    eps = 1e-8,
    epsRoot = 0,
    centered = false,
    biasCorrection = false,
    start = 0,
  } = known("scaleByRms", options, "decay eps epsRoot centered biasCorrection start");
  flag("scaleByRms", "centered", centered);
  flag("scaleByRms", "biasCorrection", biasCorrection);
  decay("scaleByRms", "decay", rho, 0.9);
  epsilons("scaleByRms", eps, epsRoot);
  notNegative("scaleByRms", "start", start);
  return perParameter(
    "scaleByRms",
    { v: start, m: centered ? 0 : undefined },
    { factor: correction(rho), rho, eps, epsRoot },
    ({ g, v, m }, { factor, ...now }) => {
      v = mean(v, g.square(), now.rho);
      let square = biasCorrection ? v.mul(factor) : v;
      if (centered) {
        m = mean(m, g, now.rho);
        // Rounding may make a variance of 0 negative.
        square = square.sub((biasCorrection ? m.mul(factor) : m).square()).maximum(0);
      }
      return { g: g.div(rootOf(square, now.eps, now.epsRoot)), v, m };
    },
  );
}
