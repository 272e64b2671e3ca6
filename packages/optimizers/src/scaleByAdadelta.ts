import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, positiveRate } from "./internal/guards.js";
import { mean } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByAdadeltaOptions {
  /** Decay of the means of squares. @defaultValue 0.9 */
  readonly decay?: Schedule | number;
  /** Makes the first steps non-zero, and keeps the quotient finite. @defaultValue 1e-6 */
  readonly eps?: Schedule | number;
}

/**
 * Scales each gradient to the size of earlier steps, so that the rate has no unit.
 *
 * s ← ρs + (1 − ρ)g²,  g ← √(d + ε) / √(s + ε)·g,  d ← ρd + (1 − ρ)g² of the new g
 *
 * Throws a RangeError unless ρ is in [0, 1) and ε > 0: with 0 no step would change anything. Zeiler
 * (2012), arXiv:1212.5701
 */
export function scaleByAdadelta(options: ScaleByAdadeltaOptions = {}): Transform {
  const { decay: rho = 0.9, eps = 1e-6 } = known("scaleByAdadelta", options, "decay eps");
  decay("scaleByAdadelta", "decay", rho, 0.9);
  positiveRate("scaleByAdadelta", "eps", eps);
  return perParameter("scaleByAdadelta", { s: 0, d: 0 }, { rho, eps }, ({ g, s, d }, now) => {
    s = mean(s, g.square(), now.rho);
    g = g.mul(d.add(now.eps).sqrt()).div(s.add(now.eps).sqrt());
    d = mean(d, g.square(), now.rho);
    return { g, s, d };
  });
}
