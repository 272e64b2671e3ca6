import { badArgument, isFiniteNumber, known, shown } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkLabels } from "./internal/check.js";
import { ofClass } from "./internal/classes.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface GeneralizedCrossEntropyOptions extends ReductionOptions {
  /**
   * 1 is the mean absolute error, towards 0 it is the cross entropy. In (0, 1]. @defaultValue 0.5
   */
  readonly q?: number;
}

/**
 * A cross entropy for labels of which some are wrong: (1 − pᵠ) / q, with p the label's softmax. A
 * label that the network is sure to be wrong costs at most 1 / q.
 *
 * Zhang & Sabuncu (2018), Generalized cross entropy loss for training deep neural networks with
 * noisy labels, eq. 6. arXiv:1805.07836
 *
 * @param logits `[…, classes]`, before any softmax
 * @param labels `[…]`, int32 from 0
 * @returns a scalar; with `reduction: "none"`, the losses in the labels' shape
 */
export function generalizedCrossEntropy(
  logits: Tensor,
  labels: Tensor,
  options: GeneralizedCrossEntropyOptions = {},
): Tensor {
  const name = "generalizedCrossEntropy";
  const { q = 0.5, reduction } = known(name, options, "q reduction");
  checkLabels(name, logits, labels);
  if (!isFiniteNumber(q) || q <= 0 || q > 1) throw badArgument(name, "q in (0, 1]", shown(q));
  // 1 − pᵠ = 1 − e^(q log p), exact also where p is close to 1.
  const losses = ofClass(name, logits.logSoftmax(), labels).mul(q).expm1().div(-q);
  return reduce(name, losses.reshape(labels.shape), reduction);
}
