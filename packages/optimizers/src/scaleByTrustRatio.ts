import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { positiveRate, rate } from "./internal/guards.js";
import { mapped } from "./internal/hyper.js";
import { normOf } from "./internal/norms.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByTrustRatioOptions {
  /** The smallest norm that is used. @defaultValue 0 */
  readonly minNorm?: Schedule | number;
  /** The factor of the ratio. @defaultValue 1 */
  readonly coefficient?: Schedule | number;
  /** Added to the update's norm. @defaultValue 0 */
  readonly eps?: Schedule | number;
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
  rate("scaleByTrustRatio", "minNorm", minNorm);
  positiveRate("scaleByTrustRatio", "coefficient", coefficient);
  rate("scaleByTrustRatio", "eps", eps);
  // In two factors of similar size, as are the norms' powers of two: the product of all might
  // overflow on the way.
  const firstOf = (value: number): number => 2 ** Math.floor(Math.log2(value) / 2);
  const hypers = {
    minNorm,
    eps,
    first: mapped(coefficient, firstOf),
    second: mapped(coefficient, (value) => value / firstOf(value)),
  };
  return perParameter("scaleByTrustRatio", {}, hypers, ({ g, w }, now) => {
    const weights = normOf([w]);
    const length = weights.scaled.maximum(weights.scale.mul(now.minNorm));
    const { scaled, scale } = normOf([g]);
    const step = scaled.maximum(scale.mul(now.minNorm));
    const both = length.sign().mul(step.sign());
    const either = both.neg().add(1); // 1 and 0, or 0 and 1 where a norm is zero
    const ratio = length.mul(both).div(step.add(scale.mul(now.eps)).add(either));
    const root = weights.unscale.sqrt(); // 2⁻⁴⁵, 1 or 2⁴⁵
    return {
      g: g
        .mul(scale)
        .mul(ratio)
        .mul(root.mul(now.first))
        .mul(root.mul(now.second))
        .add(g.mul(either)),
    };
  });
}
