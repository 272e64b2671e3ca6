import type { Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

/**
 * What the right class's score lacks to beat the best wrong one by 1: max(max((1 − t) x) − Σ t x + 1, 0), over the last axis.
 *
 * As Keras has it: the right class stands among the wrong ones with a score of 0.
 *
 * @param targets one-hot, of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses without the last axis
 */
export function categoricalHinge(predictions: Tensor, targets: Tensor, options: ReductionOptions = {}): Tensor {
  checkSame("categoricalHinge", predictions, targets);
  const right = predictions.mul(targets), wrong = predictions.sub(right);
  return reduce("categoricalHinge", wrong.max(-1).sub(right.sum(-1)).add(1).relu(), options.reduction);
}
