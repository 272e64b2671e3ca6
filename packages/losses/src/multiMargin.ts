import { flag, known } from "@tenon/guards";
import { tensor, where, type Tensor } from "@tenon/tensor";
import { checkClassWeights, checkLabels, checkNotNegative } from "./internal/check.js";
import { isClass, labelsOf, ofClass } from "./internal/classes.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface MultiMarginOptions extends ReductionOptions {
  /** By how much the right class must beat each other one to cost nothing. @defaultValue 1 */
  readonly margin?: number;
  /** Whether to square what each other class costs. @defaultValue false */
  readonly squared?: boolean;
  /** How much examples of each class count. @defaultValue all 1 */
  readonly classWeights?: readonly number[];
}

/**
 * What the right class lacks to beat all others by a margin, averaged over all classes: Σ
 * max(margin
 * − x[label] + x[i], 0) / classes, i ≠ label.
 *
 * Weston & Watkins (1999), Support vector machines for multi-class pattern recognition.
 *
 * @param scores `[…, classes]`
 * @param labels `[…]`, int32 from 0
 * @returns a scalar; with `reduction: "none"`, the losses in the labels' shape
 */
export function multiMargin(
  scores: Tensor,
  labels: Tensor,
  options: MultiMarginOptions = {},
): Tensor {
  const {
    margin = 1,
    squared = false,
    classWeights,
    reduction,
  } = known("multiMargin", options, "margin squared classWeights reduction");
  const classes = checkLabels("multiMargin", scores, labels);
  checkNotNegative("multiMargin", "margin", margin);
  flag("multiMargin", "squared", squared);
  checkClassWeights("multiMargin", classWeights, classes);
  const lack = scores
    .sub(ofClass("multiMargin", scores, labels))
    .add(margin)
    .relu();
  const others = where(isClass(labels, classes), 0, squared ? lack.square() : lack);
  const losses = others.sum(-1).div(classes);
  const weighted = classWeights
    ? losses.mul(tensor(classWeights).gather(labels, 0, labelsOf("multiMargin", labels)))
    : losses;
  return reduce("multiMargin", weighted, reduction);
}
