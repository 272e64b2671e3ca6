import type { Metric } from "@tenon/contracts";
import type { RankingOptions } from "./rankingOptions.js";
import { bestAt, recallOf, specificityOf } from "./internal/bestAt.js";
import type { Ranking } from "./internal/ranking.js";

/**
 * The largest specificity, TN / (TN + FP), that a threshold gives at which the sensitivity, TP /
 * (TP + FN), is at least a value: how many healthy are left alone where so many ill must be found.
 *
 * 0 where no threshold does. A prediction above a threshold is positive. Predictions:
 * probabilities in [0, 1], or logits, and targets, 0 or 1, of their shape. Throws unless
 * sensitivity is in [0, 1], or as `auc` does. Keras: `SpecificityAtSensitivity`.
 */
export function specificityAtSensitivity(
  sensitivity: number,
  options: RankingOptions = {},
): Metric<Ranking> {
  return bestAt(
    "specificityAtSensitivity",
    ["sensitivity", recallOf],
    sensitivity,
    specificityOf,
    options,
  );
}
