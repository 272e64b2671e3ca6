import type { Metric } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { ratio } from "./internal/confusion.js";
import { fromRanking, type Ranking } from "./internal/ranking.js";
import type { RankingOptions } from "./rankingOptions.js";

/**
 * The mean precision over the positive examples, each at the threshold that just finds it: the area
 * under the curve of precision and recall as steps.
 *
 * Σ (Rₙ − Rₙ₋₁) Pₙ, with recall R and precision P as the threshold falls; 0 where no example is
 * positive. Exact where no two predictions that differ count as equal. scikit-learn:
 * `average_precision_score`.
 *
 * Predictions: probabilities in [0, 1], or logits, and targets, 0 or 1, of their shape. Throws as
 * `auc` does.
 *
 * Zhu (2004), Recall, precision and average precision.
 */
export function averagePrecision(options: RankingOptions = {}): Metric<Ranking> {
  known("averagePrecision", options, "thresholds from");
  return fromRanking("averagePrecision", options, ({ positives, negatives }) => {
    let [sum, truePositives, predicted] = [0, 0, 0];
    for (let i = positives.length - 1; i >= 0; i--) {
      truePositives += positives[i];
      predicted += positives[i] + negatives[i];
      sum += positives[i] * ratio(truePositives, predicted);
    }
    return ratio(sum, truePositives);
  });
}
