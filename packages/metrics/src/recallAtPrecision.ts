import type { Metric } from "@tenon/contracts";
import type { RankingOptions } from "./rankingOptions.js";
import { bestAt, precisionOf, recallOf } from "./internal/bestAt.js";
import type { Ranking } from "./internal/ranking.js";

/**
 * The largest recall, TP / (TP + FN), that a threshold gives at which the precision, TP / (TP +
 * FP), is at least a value: how many positives are found where so many of the alarms must be right.
 *
 * 0 where no threshold does. A prediction above a threshold is positive. Predictions:
 * probabilities in [0, 1], or logits, and targets, 0 or 1, of their shape. Throws unless
 * precision is in [0, 1], or as `auc` does. Keras: `RecallAtPrecision`.
 */
export function recallAtPrecision(
  precision: number,
  options: RankingOptions = {},
): Metric<Ranking> {
  return bestAt("recallAtPrecision", ["precision", precisionOf], precision, recallOf, options);
}
