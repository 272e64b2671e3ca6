import { known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { checkLabels, checkNotNegative } from "./internal/check.js";
import { isClass, ofClass } from "./internal/classes.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface MulticlassHingeOptions extends ReductionOptions {
  /**
   * By how much the right class must beat the best other one to cost nothing; 0 is the perceptron's
   * loss. @defaultValue 1
   */
  readonly margin?: number;
}

/**
 * What the right class lacks to beat the best other one by a margin: max(margin + max x[i] −
 * x[label], 0), i ≠ label.
 *
 * Crammer & Singer (2001), On the algorithmic implementation of multiclass kernel-based vector
 * machines. Journal of Machine Learning Research 2
 *
 * @param scores `[…, classes]`
 * @param labels `[…]`, int32 from 0
 * @returns a scalar; with `reduction: "none"`, the losses in the labels' shape
 */
export function multiclassHinge(
  scores: Tensor,
  labels: Tensor,
  options: MulticlassHingeOptions = {},
): Tensor {
  const { margin = 1, reduction } = known("multiclassHinge", options, "margin reduction");
  const classes = checkLabels("multiclassHinge", scores, labels);
  checkNotNegative("multiclassHinge", "margin", margin);
  const others = where(isClass(labels, classes), scores, scores.add(margin));
  const right = ofClass("multiclassHinge", scores, labels);
  return reduce(
    "multiclassHinge",
    others.max(-1, true).sub(right).reshape(labels.shape),
    reduction,
  );
}
