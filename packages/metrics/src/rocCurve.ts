import { badArgument, noOptions, shown } from "@tenon/guards";
import { countsOf, precisionOf, recallOf } from "./internal/bestAt.js";
import { ratio } from "./internal/confusion.js";
import type { Ranking } from "./internal/ranking.js";

/** What a threshold makes of two classes. */
export interface RocPoint {
  /** Predictions above it are positive. */
  readonly threshold: number;
  /** The fraction of the negatives above it. */
  readonly falsePositiveRate: number;
  /** The fraction of the positives above it, which is the recall; 0 where there are none. */
  readonly truePositiveRate: number;
  /** The fraction of positives among what is above it; 0 where nothing is. */
  readonly precision: number;
}

/**
 * The points of the ROC curve, and of that of precision and recall, from the highest threshold,
 * above which there is nothing, to the lowest.
 *
 * torchmetrics: `ROC`, `PrecisionRecallCurve`; scikit-learn: `roc_curve`.
 *
 * @param ranking the state of `auc`, or of another metric of thresholds
 * @throws if it is another metric's
 */
export function rocCurve(ranking: Ranking): RocPoint[] {
  noOptions("rocCurve", arguments[1]);
  const { positives, negatives } = ranking ?? {};
  if (!areCounts(positives) || !areCounts(negatives) || positives.length !== negatives.length)
    throw badArgument("rocCurve", "the state of auc, { positives, negatives }", shown(ranking));
  return countsOf(ranking).map((counts) => ({
    threshold: counts.threshold,
    falsePositiveRate: ratio(counts.falsePositives, counts.negatives),
    truePositiveRate: recallOf(counts),
    precision: precisionOf(counts),
  }));
}

/** Whether these are counts, or sums of weights, between thresholds. */
function areCounts(given: unknown): given is readonly number[] {
  return (
    Array.isArray(given) &&
    given.length > 0 &&
    Array.from(given).every((count) => typeof count === "number" && count >= 0)
  );
}
