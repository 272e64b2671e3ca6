import type { Metric, NDArray } from "@tenon/contracts";
import { noOptions, whole } from "@tenon/guards";
import type { Tally } from "./accuracy.js";
import { argmax } from "./internal/argmax.js";
import { checkingState } from "./internal/checkingState.js";
import { areLabels, checkLabel } from "./internal/check.js";
import { weightsOf } from "./internal/weights.js";

/**
 * The fraction of examples whose class is among the k largest predictions. A class that ties with
 * the k-th is among them, as in Keras: fewer than k predictions are larger.
 *
 * Predictions: [n, classes], logits or probabilities alike. Targets: labels [n], or one-hot [n,
 * classes]. A row that holds NaN is not right. NaN before the first example. Throws unless k is a
 * whole number of at least 1, where the shapes do not go together, or where a label is no class.
 */
export function topKAccuracy(k: number = 5): Metric<Tally> {
  noOptions("topKAccuracy", arguments[1]);
  whole("topKAccuracy", "k", k, 1);
  return checkingState({
    name: `top${k}Accuracy`,
    start: { right: 0, count: 0 },
    update(state: Tally, predictions: NDArray, targets: NDArray, weights?: NDArray): Tally {
      const labels = areLabels("topKAccuracy", predictions, targets);
      const { data } = predictions;
      const width = predictions.shape.at(-1)!;
      const rows = data.length / width;
      const weight = weightsOf("topKAccuracy", weights, predictions.shape.slice(0, -1));
      let { right, count } = state;
      for (let row = 0; row < rows; row++) {
        const begin = row * width;
        const truth = labels ? targets.data[row] : argmax(targets.data, begin, width);
        checkLabel("topKAccuracy", truth, width, row);
        const mine = data[begin + truth];
        let larger = 0;
        for (let i = 0; i < width; i++)
          if (!(data[begin + i] <= mine)) larger += data[begin + i] > mine ? 1 : Infinity; // NaN
        if (larger < k) right += weight(row);
        count += weight(row);
      }
      return { right, count };
    },
    result: ({ right, count }) => right / count,
  });
}
