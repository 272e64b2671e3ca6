import type { NDArray } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { argmax } from "./argmax.js";
import { areLabels, checkLabel, checkSame } from "./check.js";
import { weightsOf } from "./weights.js";

/**
 * Calls `visit` with the true and the predicted label of every row, and its weight. Predictions are
 * scores for each class, or labels where they are int32 and the targets have their shape; the
 * predicted label is −1 where a row holds NaN.
 */
export function eachPair(
  who: string,
  predictions: NDArray,
  targets: NDArray,
  weights: NDArray | undefined,
  classes: number | undefined,
  visit: (truth: number, predicted: number, weight: number) => void,
): void {
  if (predictions?.dtype === "int32") {
    checkSame(who, predictions, targets);
    const weight = weightsOf(who, weights, targets.shape);
    for (let row = 0; row < targets.data.length; row++) {
      checkLabel(who, targets.data[row], classes ?? Infinity, row);
      checkLabel(who, predictions.data[row], classes ?? Infinity, row);
      visit(targets.data[row], predictions.data[row], weight(row));
    }
    return;
  }
  const labels = areLabels(who, predictions, targets);
  const width = predictions.shape.at(-1)!;
  if (classes !== undefined && width !== classes)
    throw badArgument(who, `predictions for ${classes} classes`, width);
  const rows = predictions.data.length / width;
  const weight = weightsOf(who, weights, predictions.shape.slice(0, -1));
  for (let row = 0; row < rows; row++) {
    const truth = labels ? targets.data[row] : argmax(targets.data, row * width, width);
    checkLabel(who, truth, width, row);
    visit(truth, argmax(predictions.data, row * width, width), weight(row));
  }
}
