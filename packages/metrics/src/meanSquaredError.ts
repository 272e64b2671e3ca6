import type { Metric } from "@tenon/contracts";
import { meanOf, type MeanState } from "./internal/meanOf.js";

/**
 * The mean of squared errors.
 *
 * Σ(p − t)² / n, over all values of predictions and targets of one shape. The sum is exact and
 * rounded once, so that order and batches do not matter. NaN before the first value. Throws where
 * the shapes differ.
 */
export const meanSquaredError: Metric<MeanState> = /* @__PURE__ */ meanOf(
  "meanSquaredError",
  (prediction, target) => (prediction - target) ** 2,
);
