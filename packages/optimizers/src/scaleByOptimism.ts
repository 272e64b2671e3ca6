import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { finite } from "./internal/guards.js";
import { madeOf } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByOptimismOptions {
  /** How much the gradient counts. @defaultValue 1 */
  readonly alpha?: Schedule | number;
  /** How much its change since the last step counts. @defaultValue 1 */
  readonly beta?: Schedule | number;
}

/**
 * A gradient and its change since the last step: g ← αg + β(g − g₋₁); at first there is no change.
 * It calms games of two networks, which circle around their solution.
 *
 * Throws a RangeError unless both are finite. Mokhtari, Ozdaglar & Pattathil (2019),
 * arXiv:1901.08511
 */
export function scaleByOptimism(options: ScaleByOptimismOptions = {}): Transform {
  const { alpha = 1, beta = 1 } = known("scaleByOptimism", options, "alpha beta");
  for (const [name, value] of Object.entries({ alpha, beta }))
    if (typeof value !== "function") finite("scaleByOptimism", name, value);
  return perParameter(
    "scaleByOptimism",
    { last: 0 },
    {
      now: madeOf([alpha, beta], (a, b) => (step) => a(step) + (step === 0 ? 0 : b(step))),
      before: madeOf([beta], (at) => (step) => (step === 0 ? 0 : at(step))),
    },
    ({ g, last }, { now, before }) => ({ g: g.mul(now).sub(last.mul(before)), last: g }),
  );
}
