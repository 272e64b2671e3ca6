import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, positive } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByAdadeltaOptions {
  /** Decay of the means of squares. @defaultValue 0.9 */
  readonly decay?: number;
  /** Makes the first steps non-zero, and keeps the quotient finite. @defaultValue 1e-6 */
  readonly eps?: number;
}

/**
 * Scales each gradient to the size of earlier steps, so that the rate has no unit.
 *
 * s ← ρs + (1 − ρ)g²,  g ← √(d + ε) / √(s + ε)·g,  d ← ρd + (1 − ρ)g² of the new g
 *
 * Throws a RangeError unless ρ is in [0, 1) and ε > 0. Zeiler (2012), arXiv:1212.5701
 */
export function scaleByAdadelta(options: ScaleByAdadeltaOptions = {}): Transform {
  const { decay: rho = 0.9, eps = 1e-6 } = known("scaleByAdadelta", options, "decay eps");
  decay("scaleByAdadelta", "decay", rho, 0.9);
  positive("scaleByAdadelta", "eps", eps, "; with 0 no step would change anything");
  return perParameter("scaleByAdadelta", { s: 0, d: 0 }, {}, ({ g, s, d }) => {
    s = s.mul(rho).add(g.square().mul(1 - rho));
    g = g.mul(d.add(eps).sqrt()).div(s.add(eps).sqrt());
    d = d.mul(rho).add(g.square().mul(1 - rho));
    return { g, s, d };
  });
}
