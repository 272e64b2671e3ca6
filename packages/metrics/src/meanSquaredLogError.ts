import type { Metric } from "@tenon/contracts";
import { meanOf, type MeanState } from "./internal/meanOf.js";

/**
 * The mean of squared errors of logarithms, for values of which ratios matter: Σ(log(1 + p) − log(1
 * + t))² / n. Keras: `MeanSquaredLogarithmicError`; scikit-learn: `mean_squared_log_error`.
 *
 * Predictions and targets have one shape and are above −1; NaN otherwise, and before the first
 * value. Throws where the shapes differ.
 */
export const meanSquaredLogError: Metric<MeanState> = /* @__PURE__ */ meanOf(
  "meanSquaredLogError",
  (prediction, target) => (Math.log1p(prediction) - Math.log1p(target)) ** 2,
);
