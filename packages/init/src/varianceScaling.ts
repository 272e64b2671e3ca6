import type { Init } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative, oneOf } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";
import {
  type FanMode,
  normal,
  scaled,
  type ScaledDistribution,
  truncatedNormal,
  uniform,
} from "./internal/scaled.js";

export interface VarianceScalingOptions {
  /** @defaultValue 1 */
  readonly scale?: number;
  /** @defaultValue "fanIn" */
  readonly mode?: FanMode;
  /** @defaultValue "truncatedNormal" */
  readonly distribution?: ScaledDistribution;
}

const kinds = { uniform, normal, truncatedNormal };

/**
 * Mean 0 and a variance that fits the shape: scale / n, where n is fan_in, fan_out or their mean.
 * Keras `VarianceScaling`.
 *
 * `"uniform"` is U(−√(3·scale/n), √(3·scale/n)); `"normal"` N(0, scale/n), Keras'
 * untruncated_normal; `"truncatedNormal"` a normal of standard deviation √(scale/n) /
 * 0.87962566103423978 cut at two of its standard deviations, so that √(scale/n) is left. All the
 * named ones (glorot, he, LeCun) are cases of this one; n counts as at least 1.
 *
 * Throws a RangeError for a negative scale or an unknown mode or distribution.
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Init {
  const {
    scale = 1,
    mode = "fanIn",
    distribution = "truncatedNormal",
  } = known("varianceScaling", options, "scale mode distribution");
  notNegative("varianceScaling", "scale", scale);
  oneOf("varianceScaling", "mode", mode, ["fanIn", "fanOut", "fanAvg"]);
  oneOf("varianceScaling", "distribution", distribution, ["uniform", "normal", "truncatedNormal"]);
  return initializer(
    { type: "varianceScaling", scale, mode, distribution },
    scaled(Math.sqrt(scale), mode, kinds[distribution]),
  );
}
