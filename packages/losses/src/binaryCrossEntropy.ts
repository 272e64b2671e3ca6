import { badArgument, known, shown } from "@tenon/guards";
import { tensor, type Tensor } from "@tenon/tensor";
import { areWeights, checkFraction, checkSame, show } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import { weighted } from "./internal/weighted.js";
import type { ReductionOptions } from "./reduction.js";

export interface BinaryCrossEntropyOptions extends ReductionOptions {
  /**
   * How much a positive target counts: one number, or one for each entry of the last axis.
   * @defaultValue 1
   */
  readonly posWeight?: number | readonly number[];
  /**
   * Label smoothing ε: (1 − ε) t + ε / 2. In [0, 1].
   * @defaultValue 0
   */
  readonly labelSmoothing?: number;
}

/**
 * How surprised many yes-or-no guesses are by the answers: −t log p − (1 − t) log(1 − p), with p =
 * sigmoid(logits).
 *
 * Computed as (1 − t) max(x, 0) + t max(−x, 0) + log(1 + e^(−|x|)), in which nothing overflows and
 * nothing cancels, however sure a guess is. Its gradient is (p − t) / n. An infinite logit on the
 * right side costs nothing.
 *
 * @param logits of any shape, before any sigmoid
 * @param targets of the same shape, in [0, 1]
 * @returns a scalar; with `reduction: "none"`, the losses in the logits' shape
 */
export function binaryCrossEntropy(
  logits: Tensor,
  targets: Tensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  const {
    posWeight = 1,
    labelSmoothing = 0,
    reduction,
  } = known("binaryCrossEntropy", options, "posWeight labelSmoothing reduction");
  checkSame("binaryCrossEntropy", logits, targets);
  checkFraction("binaryCrossEntropy", "labelSmoothing", labelSmoothing);
  const list = typeof posWeight === "number" ? [posWeight] : posWeight;
  if (!areWeights(list, typeof posWeight === "number" ? 1 : logits.shape[logits.shape.length - 1]!))
    throw badArgument(
      "binaryCrossEntropy",
      `posWeight as a finite number ≥ 0, or as many as the last axis of ${show(logits.shape)} ` +
        "has",
      shown(posWeight),
    );
  const t = labelSmoothing > 0 ? targets.mul(1 - labelSmoothing).add(labelSmoothing / 2) : targets;
  const alike = list.every((w) => w === 1);
  const negative = t.neg().add(1);
  const positive = alike ? t : t.mul(typeof posWeight === "number" ? posWeight : tensor(list));
  // At a logit of 0 each maximum's tie gives half of the gradient, as it should be.
  const wrong = weighted(negative, logits.maximum(0)).add(
    weighted(positive, logits.neg().maximum(0)),
  );
  const rest = logits.abs().neg().exp().log1p();
  return reduce(
    "binaryCrossEntropy",
    wrong.add(alike ? rest : negative.add(positive).mul(rest)),
    reduction,
  );
}
