import { finite, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { crossEntropy } from "./crossEntropy.js";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface PolyCrossEntropyOptions extends ReductionOptions {
  /** How much more the first term counts. @defaultValue 2 */
  readonly epsilon?: number;
}

/**
 * A cross entropy whose first term as a polynomial of 1 − p counts more: −Σ t log p + ε (1 − Σ t
 * p), with p = softmax(logits), over the last axis.
 *
 * Leng et al. (2022), PolyLoss, eq. 2 (Poly-1). arXiv:2204.12511
 *
 * @param logits `[…, classes]`, before any softmax
 * @param targets of the same shape: one-hot, or a probability for each class
 * @returns a scalar; with `reduction: "none"`, the losses without the last axis
 */
export function polyCrossEntropy(
  logits: Tensor,
  targets: Tensor,
  options: PolyCrossEntropyOptions = {},
): Tensor {
  const { epsilon = 2, reduction } = known("polyCrossEntropy", options, "epsilon reduction");
  checkSame("polyCrossEntropy", logits, targets);
  finite("polyCrossEntropy", "epsilon", epsilon);
  const truth = logits.softmax().mul(targets).sum(-1);
  const surprise = crossEntropy(logits, targets, { reduction: "none" });
  return reduce("polyCrossEntropy", surprise.add(truth.neg().add(1).mul(epsilon)), reduction);
}
