import type { Metric } from "@tenon/contracts";
import { meanOf, type MeanState } from "./internal/meanOf.js";

/**
 * The root of the mean of squared errors, in the targets' own unit.
 *
 * √(Σ(p − t)² / n), over all values of predictions and targets of one shape. The sum is exact and
 * rounded once, so that order and batches do not matter. NaN before the first value. Throws where
 * the shapes differ.
 */
export const rootMeanSquaredError: Metric<MeanState> = /* @__PURE__ */ meanOf(
  "rootMeanSquaredError",
  (prediction, target) => (prediction - target) ** 2,
  Math.sqrt,
);
