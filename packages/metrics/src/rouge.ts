import type { Metric, NDArray } from "@tenon/contracts";
import { known, oneOf, whole } from "@tenon/guards";
import { checkArrays } from "./internal/check.js";
import { meanOfValues, type MeanState } from "./internal/meanOf.js";
import { commonRuns, sequences, targetsOf, type Sequence } from "./internal/sequences.js";

export interface RougeOptions {
  /**
   * What is compared: runs of so many labels, or the longest labels in order that both have, with
   * others in between. @defaultValue "longest"
   */
  readonly order?: number | "longest";
  /**
   * The harmonic mean, or the fraction of the prediction's, or of the target's. @defaultValue "f1"
   */
  readonly score?: "f1" | "precision" | "recall";
  /** The label at which a sequence ends. @defaultValue 0 */
  readonly blank?: number;
}

/**
 * How much of the targets is in predicted sequences: of summaries, for one.
 *
 * With `common` runs of labels, c in the prediction and r in the target: recall is common / r,
 * precision common / c, F₁ 2 common / (c + r), 0 where there are none. The mean over examples; of
 * several targets the one of the highest score counts. NaN before the first example.
 *
 * Predictions: int32 labels [n, length]. Targets: labels [n, length], or several to choose from [n,
 * targets, length]. Both end before the first label that is the blank or negative. rouge-score,
 * torchmetrics: `ROUGEScore`, of words: rougeL is "longest", rouge1 is order 1. Throws where the
 * shapes do not go together.
 *
 * Lin (2004), ROUGE: a package for automatic evaluation of summaries, equations 1 to 4.
 */
export function rouge(options: RougeOptions = {}): Metric<MeanState> {
  const {
    order = "longest",
    score = "f1",
    blank = 0,
  } = known("rouge", options, "order score blank");
  if (order !== "longest") whole("rouge", "order", order, 1);
  oneOf("rouge", "score", score, ["f1", "precision", "recall"]);
  whole("rouge", "blank", blank, 0);
  const n = order === "longest" ? 1 : order;
  const runs = ({ length }: Sequence): number => Math.max(0, length - n + 1);
  const scoreOf = (labels: Sequence, truth: Sequence): number => {
    const common = order === "longest" ? longest(labels, truth) : commonRuns(labels, [truth], n);
    const [c, r] = [runs(labels), runs(truth)];
    return common && common / { precision: c, recall: r, f1: (c + r) / 2 }[score];
  };
  return meanOfValues("rouge", (predictions: NDArray, targets: NDArray) => {
    checkArrays("rouge", ["predictions", predictions], ["targets", targets]);
    const read = sequences("rouge", "predictions", predictions, blank);
    const truths = targetsOf("rouge", targets, read.length, blank);
    return {
      shape: [read.length],
      at: (i) => Math.max(...truths[i].map((truth) => scoreOf(read[i], truth))),
    };
  });
}

/**
 * The length of the longest sequence that is in both, row by row: best[j] is that of the labels of
 * `a` so far and of the first j of `b`.
 */
function longest(a: Sequence, b: Sequence): number {
  let best = new Array<number>(b.length + 1).fill(0);
  for (const label of a) {
    const next = [0];
    b.forEach((other, j) =>
      next.push(label === other ? best[j] + 1 : Math.max(best[j + 1], next[j])),
    );
    best = next;
  }
  return best[b.length];
}
