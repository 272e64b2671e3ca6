import type { Metric } from "@tenon/contracts";
import { meanOf, type MeanState } from "./internal/meanOf.js";

/**
 * The mean of the errors' absolute values as percentages of the targets'.
 *
 * 100 Σ|p − t| / max(|t|, 10⁻⁷) / n, over all values of predictions and targets of one shape, as
 * in Keras. NaN before the first value. Throws where the shapes differ.
 */
export const meanAbsolutePercentageError: Metric<MeanState> = /* @__PURE__ */ meanOf(
  "meanAbsolutePercentageError",
  (prediction, target) => (100 * Math.abs(prediction - target)) / Math.max(Math.abs(target), 1e-7),
);
