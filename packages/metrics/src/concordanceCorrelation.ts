import type { Metric } from "@tenon/contracts";
import { fromMoments, type CovarianceState } from "./internal/covariance.js";

/**
 * How closely predictions agree with the targets, in place and scale too, from −1 to 1: 2 cov(p, t)
 * / (σₚ² + σₜ² + (p̄ − t̄)²), over all examples.
 *
 * For each column of [n, columns] (or [n]), and then the columns' mean. NaN before the first
 * example, and where both are the same constant. torchmetrics: `ConcordanceCorrCoef`, with
 * variances of n − 1; Keras: `ConcordanceCorrelation`, of each row. Throws where shapes, or the
 * columns of two batches, differ.
 *
 * Lin (1989), A concordance correlation coefficient to evaluate reproducibility.
 * doi:10.2307/2532051
 */
export const concordanceCorrelation: Metric<CovarianceState> = /* @__PURE__ */ fromMoments(
  "concordanceCorrelation",
  ({ means, variances: [p, t], covariance }) =>
    (2 * covariance) / (p + t + (means[0] - means[1]) ** 2),
);
