import type { Metric, NDArray } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { checkArrays, checkSame } from "./internal/check.js";
import { checkBinary } from "./internal/confusion.js";
import { meanOfValues, type MeanState } from "./internal/meanOf.js";
import { eachPair } from "./internal/pairs.js";

export interface ExactMatchOptions {
  /** Above it a prediction is of class 1. Logits have theirs at 0. @defaultValue 0.5 */
  readonly threshold?: number;
}

/**
 * The fraction of examples of which every label is right: several yes-or-no labels of one image,
 * all tokens of one text.
 *
 * Predictions [n, labels] against targets 0 and 1 of their shape, by a threshold; or [n, …,
 * classes] against labels [n, …], by the largest; or int32 labels against labels. NaN is never
 * right. NaN before the first example. torchmetrics: `ExactMatch`; scikit-learn: `accuracy_score`
 * of several labels. Throws where the shapes do not go together, a label is no class,
 * or a target by a threshold neither 0 nor 1.
 */
export function exactMatch(options: ExactMatchOptions = {}): Metric<MeanState> {
  const { threshold = 0.5 } = known("exactMatch", options, "threshold");
  if (!Number.isFinite(threshold))
    throw badArgument("exactMatch", "a finite threshold", shown(threshold));
  return meanOfValues("exactMatch", (predictions, targets) => {
    const right = rightOf(predictions, targets, threshold);
    const rows = targets.shape[0] ?? 1;
    const each = right.length / rows;
    return {
      shape: [rows],
      at: (row) => Number(right.slice(row * each, (row + 1) * each).every(Boolean)),
    };
  });
}

/** Whether each label is right. */
function rightOf(predictions: NDArray, targets: NDArray, threshold: number): boolean[] {
  checkArrays("exactMatch", ["predictions", predictions], ["targets", targets]);
  const right: boolean[] = [];
  if (predictions.dtype === "int32" || predictions.shape.length > targets.shape.length)
    eachPair("exactMatch", predictions, targets, undefined, undefined, (truth, predicted) =>
      right.push(truth === predicted),
    );
  else {
    checkSame("exactMatch", predictions, targets);
    targets.data.forEach((truth: number, i: number) => {
      checkBinary("exactMatch", truth, i);
      const value = predictions.data[i];
      right.push(truth === (value > threshold ? 1 : 0) && !Number.isNaN(value));
    });
  }
  return right;
}
