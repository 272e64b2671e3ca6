import { flag, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkNotNegative, checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface HingeOptions extends ReductionOptions {
  /**
   * How far on the right side a score must be to cost nothing; 0 is the perceptron's loss.
   * @defaultValue 1
   */
  readonly margin?: number;
  /** Whether to square it. @defaultValue false */
  readonly squared?: boolean;
}

/**
 * What a score lacks to be on the right side by a margin: max(margin − t x, 0).
 *
 * Cortes & Vapnik (1995), Support-vector networks. Machine Learning 20
 *
 * @param targets of the predictions' shape, −1 or 1
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function hinge(predictions: Tensor, targets: Tensor, options: HingeOptions = {}): Tensor {
  const {
    margin = 1,
    squared = false,
    reduction,
  } = known("hinge", options, "margin squared reduction");
  checkSame("hinge", predictions, targets);
  checkNotNegative("hinge", "margin", margin);
  flag("hinge", "squared", squared);
  const losses = predictions.mul(targets).neg().add(margin).relu();
  return reduce("hinge", squared ? losses.square() : losses, reduction);
}
