import type { Metric, NDArray } from "@tenon/contracts";
import { badArgument, inNameOf, known, whole } from "@tenon/guards";
import { ctcDecode, type CtcDecodeOptions } from "./ctcDecode.js";
import { checkingState } from "./internal/checkingState.js";
import { checkArrays } from "./internal/check.js";
import { sequences } from "./internal/sequences.js";
import { weightsOf } from "./internal/weights.js";

export type LabelErrorRateOptions = CtcDecodeOptions;

/** How many labels had to be changed, of how many; with weights of examples, the sums of theirs. */
export type EditTally = { readonly edits: number; readonly labels: number };

/**
 * How many labels of a sequence are wrong, missing or too many, as a fraction of those it has: the
 * rate of errors of characters, of words or of phones, by what the labels stand for.
 *
 * Σ d(p, t) / Σ |t| over all examples, where d is the least number of labels to insert, delete or
 * replace to make one sequence of the other. Above 1 where predictions are much too long; NaN
 * before the first label. torchmetrics: `CharErrorRate`, `WordErrorRate`, of texts.
 *
 * Predictions: what the loss `ctc` takes, [n, steps, classes], read out by `ctcDecode`; or int32
 * labels [n, length]. Targets: int32 labels [n, length]. Both end before the first label that is
 * the blank or negative. Throws where the shapes do not go together.
 *
 * Levenshtein (1966), Binary codes capable of correcting deletions, insertions and reversals.
 */
export function labelErrorRate(options: LabelErrorRateOptions = {}): Metric<EditTally> {
  const { blank = 0 } = known("labelErrorRate", options, "blank");
  whole("labelErrorRate", "blank", blank, 0);
  return checkingState({
    name: "labelErrorRate",
    start: { edits: 0, labels: 0 },
    update(state: EditTally, predictions: NDArray, targets: NDArray, weights?: NDArray): EditTally {
      checkArrays("labelErrorRate", ["predictions", predictions], ["targets", targets]);
      const read =
        predictions.dtype === "int32"
          ? sequences("labelErrorRate", "predictions", predictions, blank)
          : inNameOf("labelErrorRate", () => ctcDecode(predictions, { blank }));
      const truths = sequences("labelErrorRate", "targets", targets, blank);
      if (read.length !== truths.length)
        throw badArgument(
          "labelErrorRate",
          `targets for ${read.length} predictions`,
          truths.length,
        );
      const weight = weightsOf("labelErrorRate", weights, [truths.length]);
      let { edits, labels } = state;
      truths.forEach((truth, i) => {
        edits += weight(i) * distance(read[i], truth);
        labels += weight(i) * truth.length;
      });
      return { edits, labels };
    },
    result: ({ edits, labels }) => edits / labels,
  });
}

/** Row by row: best[j] is the distance of the labels of `a` so far to the first j of `b`. */
function distance(a: readonly number[], b: readonly number[]): number {
  let best = Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((label, i) => {
    const next = [i + 1];
    b.forEach((other, j) => {
      const replaced = best[j] + (label === other ? 0 : 1);
      next.push(Math.min(replaced, best[j + 1] + 1, next[j] + 1));
    });
    best = next;
  });
  return best[b.length];
}
