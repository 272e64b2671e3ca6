import type { Metric } from "@tenon/contracts";
import { known, notNegative } from "@tenon/guards";
import { meanOf, type MeanState } from "./internal/meanOf.js";
import { weighted } from "./internal/surprise.js";

export interface MeanPoissonLossOptions {
  /** Added to a rate before its logarithm. @defaultValue 1e-7, as in Keras */
  readonly eps?: number;
}

/**
 * How surprising counts are under predicted Poisson rates, up to log t!: the mean of p − t log(p +
 * ε). Keras: `Poisson`.
 *
 * Predictions: rates, not their logarithms; targets: counts of the same shape. NaN before the first
 * value. Throws where the shapes differ.
 */
export function meanPoissonLoss(options: MeanPoissonLossOptions = {}): Metric<MeanState> {
  const { eps = 1e-7 } = known("meanPoissonLoss", options, "eps");
  notNegative("meanPoissonLoss", "eps", eps);
  return meanOf("meanPoissonLoss", (rate, count) => rate - weighted(count, Math.log(rate + eps)));
}
