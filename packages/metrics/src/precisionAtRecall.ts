import type { Metric } from "@tenon/contracts";
import type { RankingOptions } from "./rankingOptions.js";
import { bestAt, precisionOf, recallOf } from "./internal/bestAt.js";
import type { Ranking } from "./internal/ranking.js";

/**
 * The largest precision, TP / (TP + FP), that a threshold gives at which the recall, TP / (TP +
 * FN), is at least a value: how many of the alarms are right where so many positives must be found.
 *
 * 0 where no threshold does. A prediction above a threshold is positive. Predictions:
 * probabilities in [0, 1], or logits, and targets, 0 or 1, of their shape. Throws unless recall
 * is in [0, 1], or as `auc` does. Keras: `PrecisionAtRecall`.
 */
export function precisionAtRecall(recall: number, options: RankingOptions = {}): Metric<Ranking> {
  return bestAt("precisionAtRecall", ["recall", recallOf], recall, precisionOf, options);
}
