import type { Metric } from "@tenon/contracts";
import { fromMoments, type CovarianceState } from "./internal/covariance.js";

/**
 * How closely predictions follow a line of the targets, from −1 to 1: cov(p, t) / (σₚ σₜ), over all
 * examples.
 *
 * For each column of [n, columns] (or [n]), and then the columns' mean. NaN before the first
 * example, and where a column is constant. torchmetrics: `PearsonCorrCoef`; Keras:
 * `PearsonCorrelation`, of each row. Throws where shapes, or the columns of two batches, differ.
 */
export const pearsonCorrelation: Metric<CovarianceState> = /* @__PURE__ */ fromMoments(
  "pearsonCorrelation",
  ({ variances: [p, t], covariance }) => covariance / (Math.sqrt(p) * Math.sqrt(t)),
);
