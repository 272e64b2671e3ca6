import type { Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

/**
 * log cosh(x − t): nearly ½ d² for small errors, |d| − log 2 for large ones. Its slope is tanh(x − t) / n.
 *
 * Computed as |d| + log(1 + e^(−2|d|)) − log 2, which does not overflow.
 *
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function logCosh(predictions: Tensor, targets: Tensor, options: ReductionOptions = {}): Tensor {
  checkSame("logCosh", predictions, targets);
  const size = predictions.sub(targets).abs();
  return reduce("logCosh", size.add(size.mul(-2).exp().log1p()).sub(Math.LN2), options.reduction);
}
