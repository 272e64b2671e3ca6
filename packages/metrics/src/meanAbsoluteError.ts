import type { Metric } from "@tenon/contracts";
import { meanOf, type MeanState } from "./internal/meanOf.js";

/**
 * The mean of the errors' absolute values.
 *
 * Σ|p − t| / n, over all values of predictions and targets of one shape. The sum is exact and
 * rounded once, so that order and batches do not matter. NaN before the first value. Throws where
 * the shapes differ.
 */
export const meanAbsoluteError: Metric<MeanState> = /* @__PURE__ */ meanOf(
  "meanAbsoluteError",
  (prediction, target) => Math.abs(prediction - target),
);
