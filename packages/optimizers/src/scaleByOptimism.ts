import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { finite } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByOptimismOptions {
  /** How much the gradient counts. @defaultValue 1 */
  readonly alpha?: number;
  /** How much its change since the last step counts. @defaultValue 1 */
  readonly beta?: number;
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
  finite("scaleByOptimism", "alpha", alpha);
  finite("scaleByOptimism", "beta", beta);
  return perParameter(
    "scaleByOptimism",
    { last: 0 },
    {
      now: (step) => (step === 0 ? alpha : alpha + beta),
      before: (step) => (step === 0 ? 0 : beta),
    },
    ({ g, last }, { now, before }) => ({ g: g.mul(now).sub(last.mul(before)), last: g }),
  );
}
