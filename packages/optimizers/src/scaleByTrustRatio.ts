import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative, positive } from "./internal/guards.js";
import { normOf } from "./internal/norms.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByTrustRatioOptions {
  /** The smallest norm that is used. @defaultValue 0 */
  readonly minNorm?: number;
  /** The factor of the ratio. @defaultValue 1 */
  readonly coefficient?: number;
  /** Added to the update's norm. @defaultValue 0 */
  readonly eps?: number;
}

/**
 * Scales each parameter's update to the norm of the parameter: u ← u·c·‖w‖ / (‖u‖ + ε), or u itself
 * where a norm is zero.
 *
 * Throws a RangeError unless c > 0 and the others are ≥ 0. You, Gitman & Ginsburg (2017), LARS,
 * arXiv:1708.03888
 */
export function scaleByTrustRatio(options: ScaleByTrustRatioOptions = {}): Transform {
  const {
    minNorm = 0,
    coefficient = 1,
    eps = 0,
  } = known("scaleByTrustRatio", options, "minNorm coefficient eps");
  notNegative("scaleByTrustRatio", "minNorm", minNorm);
  positive("scaleByTrustRatio", "coefficient", coefficient);
  notNegative("scaleByTrustRatio", "eps", eps);
  // In two factors of similar size, as are the norms' powers of two: the product of all might
  // overflow on the way.
  const first = 2 ** Math.floor(Math.log2(coefficient) / 2);
  const second = coefficient / first;
  return perParameter("scaleByTrustRatio", {}, {}, ({ g, w }) => {
    const weights = normOf([w]);
    const length = weights.scaled.maximum(weights.scale.mul(minNorm));
    const { scaled, scale } = normOf([g]);
    const step = scaled.maximum(scale.mul(minNorm));
    const both = length.sign().mul(step.sign());
    const either = both.neg().add(1); // 1 and 0, or 0 and 1 where a norm is zero
    const ratio = length.mul(both).div(step.add(scale.mul(eps)).add(either));
    const root = weights.unscale.sqrt(); // 2⁻⁴⁵, 1 or 2⁴⁵
    return {
      g: g.mul(scale).mul(ratio).mul(root.mul(first)).mul(root.mul(second)).add(g.mul(either)),
    };
  });
}
