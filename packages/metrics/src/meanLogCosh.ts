import type { Metric } from "@tenon/contracts";
import { meanOf, type MeanState } from "./internal/meanOf.js";

/**
 * The mean of log cosh(p − t): nearly ½ d² for small errors d, |d| − log 2 for large ones. Keras:
 * `LogCoshError`.
 *
 * Computed as |d| + log(1 + e^(−2|d|)) − log 2 for large errors, and as log(1 + 2 sinh²(d/2)) for
 * small ones, which do not cancel. Predictions and targets have one shape. NaN before the first
 * value. Throws where the shapes differ.
 */
export const meanLogCosh: Metric<MeanState> = /* @__PURE__ */ meanOf(
  "meanLogCosh",
  (prediction, target) => {
    const size = Math.abs(prediction - target);
    return size > 1
      ? size + Math.log1p(Math.exp(-2 * size)) - Math.LN2
      : Math.log1p(2 * Math.sinh(size / 2) ** 2);
  },
);
