import type { Elements, Metric, NDArray } from "@tenon/contracts";
import { known, oneOf, whole } from "@tenon/guards";
import { argmax } from "./internal/argmax.js";
import { checkingState } from "./internal/checkingState.js";
import { areLabels, checkLabel } from "./internal/check.js";
import { addedTo, noSum, total, type ExactSum } from "./internal/exactSum.js";
import { ofProbabilities } from "./internal/ofProbabilities.js";
import { checkedOptions } from "./internal/surprise.js";
import { weightsOf } from "./internal/weights.js";

export interface CalibrationErrorOptions {
  /** Into how many bins of equal width confidences are put. @defaultValue 15 */
  readonly bins?: number;
  /** The mean gap over examples, or the largest gap of a bin. @defaultValue "expected" */
  readonly norm?: "expected" | "maximum";
  /** Whether predictions are logits or probabilities. @defaultValue "logits" */
  readonly from?: "logits" | "probabilities";
}

/**
 * By bin of confidence: the examples, those that were right, and the sum of their confidences; with
 * weights of examples, by weight.
 */
export type Calibration = {
  readonly counts: readonly number[];
  readonly rights: readonly number[];
  readonly confidences: readonly ExactSum[];
};

/**
 * By how much a classifier is surer, or less sure, than it is right: Σ (nᵦ / n) |rightᵦ −
 * confidenceᵦ| over bins of confidence (low, high], where a confidence is the probability of the
 * predicted class; or the largest of the gaps.
 *
 * Predictions: [n, classes], logits or probabilities. Targets: labels [n], or one-hot [n, classes].
 * NaN before the first example, and where a row holds NaN. Throws unless there is a bin, where the
 * shapes do not go together, a label is no class, or a probability is not in [0, 1].
 *
 * Guo et al. (2017), On calibration of modern neural networks, equations 3 and 5. arXiv:1706.04599
 */
export function calibrationError(options: CalibrationErrorOptions = {}): Metric<Calibration> {
  const name = "calibrationError";
  const { bins = 15, norm = "expected", from } = known(name, options, "bins norm from");
  const { logits } = checkedOptions(name, from === undefined ? {} : { from });
  whole(name, "bins", bins, 1);
  oneOf(name, "norm", norm, ["expected", "maximum"]);
  const none = new Array<number>(bins).fill(0);
  const metric = checkingState<Calibration>({
    name,
    start: { counts: none, rights: none, confidences: none.map(() => noSum) },
    update(
      state: Calibration,
      predictions: NDArray,
      targets: NDArray,
      weights?: NDArray,
    ): Calibration {
      const labels = areLabels(name, predictions, targets);
      const weight = weightsOf(name, weights, predictions.shape.slice(0, -1));
      const width = predictions.shape.at(-1)!;
      const [counts, rights, confidences] = [
        [...state.counts],
        [...state.rights],
        [...state.confidences],
      ];
      for (let row = 0; row < predictions.data.length / width; row++) {
        const begin = row * width;
        const truth = labels ? targets.data[row] : argmax(targets.data, begin, width);
        checkLabel(name, truth, width, row);
        const predicted = argmax(predictions.data, begin, width);
        const confidence = largestProbability(predictions.data, begin, width, logits);
        const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1)) || 0;
        counts[bin] += weight(row);
        if (truth === predicted) rights[bin] += weight(row);
        confidences[bin] = addedTo(confidences[bin], 1, () => weight(row) * confidence);
      }
      return { counts, rights, confidences };
    },
    result({ counts, rights, confidences }: Calibration): number {
      const count = counts.reduce((a, b) => a + b, 0);
      const gaps = counts.map((_, bin) => Math.abs(rights[bin] - total(confidences[bin])));
      if (norm === "expected") return gaps.reduce((a, b) => a + b, 0) / count;
      return count === 0
        ? NaN
        : Math.max(...gaps.map((gap, bin) => (counts[bin] === 0 ? 0 : gap / counts[bin])));
    },
  });
  return ofProbabilities(metric, logits);
}

/** The largest probability of a row; NaN where the row holds NaN. */
function largestProbability(data: Elements, begin: number, width: number, logits: boolean): number {
  let [largest, sum] = [-Infinity, 0];
  for (let i = 0; i < width; i++) largest = Math.max(largest, data[begin + i]);
  for (let i = 0; i < width; i++)
    sum += logits ? Math.exp(data[begin + i] - largest) : data[begin + i];
  return logits ? 1 / sum : largest / sum;
}
