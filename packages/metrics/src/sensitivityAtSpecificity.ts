import type { Metric } from "@tenon/contracts";
import type { RankingOptions } from "./rankingOptions.js";
import { bestAt, recallOf, specificityOf } from "./internal/bestAt.js";
import type { Ranking } from "./internal/ranking.js";

/**
 * The largest sensitivity, TP / (TP + FN), that a threshold gives at which the specificity, TN /
 * (TN + FP), is at least a value: how many ill are found where so many healthy must be left alone.
 *
 * 0 where no threshold does. A prediction above a threshold is positive. Predictions:
 * probabilities in [0, 1], or logits, and targets, 0 or 1, of their shape. Throws unless
 * specificity is in [0, 1], or as `auc` does. Keras: `SensitivityAtSpecificity`.
 */
export function sensitivityAtSpecificity(
  specificity: number,
  options: RankingOptions = {},
): Metric<Ranking> {
  return bestAt(
    "sensitivityAtSpecificity",
    ["specificity", specificityOf],
    specificity,
    recallOf,
    options,
  );
}
