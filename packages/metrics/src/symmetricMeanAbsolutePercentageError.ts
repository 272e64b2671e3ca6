import type { Metric } from "@tenon/contracts";
import { meanOf, type MeanState } from "./internal/meanOf.js";

/**
 * The mean of the errors' absolute values as percentages of the mean of the predictions' and the
 * targets' sizes, from 0 to 200.
 *
 * 100 Σ 2|p − t| / max(|p| + |t|, 10⁻⁷) / n, over all values of predictions and targets of one
 * shape. NaN before the first value. torchmetrics: `SymmetricMeanAbsolutePercentageError`, a
 * fraction. Throws where the shapes differ.
 *
 * Makridakis (1993), Accuracy measures. doi:10.1016/0169-2070(93)90079-3
 */
export const symmetricMeanAbsolutePercentageError: Metric<MeanState> = /* @__PURE__ */ meanOf(
  "symmetricMeanAbsolutePercentageError",
  (prediction, target) =>
    (200 * Math.abs(prediction - target)) / Math.max(Math.abs(prediction) + Math.abs(target), 1e-7),
);
