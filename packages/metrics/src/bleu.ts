import type { Metric, NDArray } from "@tenon/contracts";
import { known, oneOf, whole } from "@tenon/guards";
import { checkArrays } from "./internal/check.js";
import { checkingState } from "./internal/checkingState.js";
import { commonRuns, sequences, targetsOf, type Sequence } from "./internal/sequences.js";
import { weightsOf } from "./internal/weights.js";

export interface BleuOptions {
  /** The longest runs of labels that are compared. @defaultValue 4 */
  readonly order?: number;
  /**
   * What is done about runs of a length that none is right of, which make everything 0: nothing;
   * one more right and one more in all, of 2 labels and longer; or half a right one, a quarter for
   * the next such length, and so on. @defaultValue "none"
   */
  readonly smoothing?: "none" | "add-one" | "halves";
  /** The label at which a sequence ends. @defaultValue 0 */
  readonly blank?: number;
}

/**
 * How many runs of 1, 2, … labels are right, and how many there are, in all predictions, and how
 * long these and their targets are; with weights of examples, the sums of theirs.
 */
export type BleuState = {
  readonly right: readonly number[];
  readonly runs: readonly number[];
  readonly predicted: number;
  readonly wanted: number;
};

/**
 * How much of predicted sequences is in their targets: of translations, for one.
 *
 * min(1, e^(1 − r / c)) (Π pₙ)^(1 / N), where pₙ is the fraction of all runs of n labels that are
 * in a target, each no more often than it is there, c is how long the predictions are together, and
 * r the targets. Of all examples together; NaN before the first label.
 *
 * Predictions: int32 labels [n, length]. Targets: labels [n, length], or several to choose from [n,
 * targets, length]: then a run may be in any of them, and the length nearest to the prediction's
 * counts, of two the shorter one. Sequences end before the first label that is the blank or
 * negative. sacreBLEU: `corpus_bleu` / 100, of words, `smoothing: "halves"` by default ("exp");
 * "add-one" is its "add-k". torchmetrics: `BLEUScore`, `smooth=True`: "add-one", but 0 where no run
 * of some length is right. NLTK: `corpus_bleu`. Throws where the shapes do not go together.
 *
 * Papineni et al. (2002), BLEU: a method for automatic evaluation of machine translation.
 * doi:10.3115/1073083.1073135. Chen & Cherry (2014), A systematic comparison of smoothing
 * techniques for sentence-level BLEU, smoothing 2 and 3. doi:10.3115/v1/W14-3346
 */
export function bleu(options: BleuOptions = {}): Metric<BleuState> {
  const {
    order = 4,
    smoothing = "none",
    blank = 0,
  } = known("bleu", options, "order smoothing blank");
  whole("bleu", "order", order, 1);
  whole("bleu", "blank", blank, 0);
  oneOf("bleu", "smoothing", smoothing, ["none", "add-one", "halves"]);
  const none = new Array<number>(order).fill(0);
  return checkingState({
    name: "bleu",
    start: { right: none, runs: none, predicted: 0, wanted: 0 },
    update(state: BleuState, predictions: NDArray, targets: NDArray, weights?: NDArray): BleuState {
      checkArrays("bleu", ["predictions", predictions], ["targets", targets]);
      const read = sequences("bleu", "predictions", predictions, blank);
      const truths = targetsOf("bleu", targets, read.length, blank);
      const weight = weightsOf("bleu", weights, [read.length]);
      const [right, runs] = [[...state.right], [...state.runs]];
      let { predicted, wanted } = state;
      read.forEach((labels, i) => {
        predicted += weight(i) * labels.length;
        wanted += weight(i) * nearestLength(labels.length, truths[i]);
        for (let n = 1; n <= order; n++) {
          right[n - 1] += weight(i) * commonRuns(labels, truths[i], n);
          runs[n - 1] += weight(i) * Math.max(0, labels.length - n + 1);
        }
      });
      return { right, runs, predicted, wanted };
    },
    result({ right, runs, predicted, wanted }: BleuState): number {
      if (predicted + wanted === 0) return NaN;
      let part = 1;
      const logs = right.map((count, i) => {
        if (smoothing === "add-one" && i > 0) return Math.log((count + 1) / (runs[i] + 1));
        if (smoothing === "halves" && count === 0 && runs[i] > 0) count = part /= 2;
        return Math.log(count / runs[i]);
      });
      // Nothing is right, or there are no runs of a length.
      if (right[0] === 0 || logs.some(Number.isNaN)) return 0;
      const mean = logs.reduce((sum, log) => sum + log, 0) / order;
      return Math.exp(mean + Math.min(0, 1 - wanted / predicted));
    },
  });
}

/** The length nearest to that of a prediction, of two the shorter one. */
const nearestLength = (length: number, truths: readonly Sequence[]): number =>
  truths
    .map((truth) => truth.length)
    .reduce((best, other) => {
      const closer = Math.abs(best - length) - Math.abs(other - length);
      return closer > 0 || (closer === 0 && other < best) ? other : best;
    });
