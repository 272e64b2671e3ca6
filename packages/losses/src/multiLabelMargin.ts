import { badArgument, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkNotNegative, checkSame, show } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface MultiLabelMarginOptions extends ReductionOptions {
  /**
   * By how much a label of the example must beat each other class to cost nothing.
   * @defaultValue 1
   */
  readonly margin?: number;
}

/**
 * What the labels of an example lack to beat all others by a margin, where it may have several:
 * Σ max(margin − x[j] + x[i], 0) / classes, over each j that is its label and each i that is not.
 *
 * PyTorch: `MultiLabelMarginLoss`, whose targets are lists of labels.
 *
 * @param scores `[…, classes]`
 * @param targets of the same shape, 1 for each label of the example, else 0
 * @returns a scalar; with `reduction: "none"`, the losses without the last axis
 */
export function multiLabelMargin(
  scores: Tensor,
  targets: Tensor,
  options: MultiLabelMarginOptions = {},
): Tensor {
  const { margin = 1, reduction } = known("multiLabelMargin", options, "margin reduction");
  checkSame("multiLabelMargin", scores, targets);
  if (!scores.shape.at(-1))
    throw badArgument("multiLabelMargin", "scores […, classes]", show(scores.shape));
  checkNotNegative("multiLabelMargin", "margin", margin);
  const is = targets.greater(0.5);
  // Pairs [labels j, others i].
  const lack = scores.expandDims(-2).sub(scores.expandDims(-1)).add(margin).relu();
  const isPair = is.expandDims(-1).greater(is.expandDims(-2));
  const losses = lack.where(isPair, 0).sum([-2, -1]).div(scores.shape.at(-1)!);
  return reduce("multiLabelMargin", losses, reduction);
}
