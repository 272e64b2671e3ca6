import type { Metric } from "@tenon/contracts";
import { fromMoments, type CovarianceState } from "./internal/covariance.js";

/**
 * The fraction of the targets' variance that is left out of the errors: 1 − var(t − p) / var(t).
 * Errors that are all the same do not count, other than in `r2Score`.
 *
 * For each column of [n, columns] (or [n]), and then the columns' mean. NaN before the first
 * example, and where a column of targets is constant. torchmetrics: `ExplainedVariance`;
 * scikit-learn: `explained_variance_score`. Throws where shapes, or the columns of two batches,
 * differ.
 */
export const explainedVariance: Metric<CovarianceState> = /* @__PURE__ */ fromMoments(
  "explainedVariance",
  ({ variances: [p, t], covariance }) => (t > 0 ? (2 * covariance - p) / t : NaN),
);
