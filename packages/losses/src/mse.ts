import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

/**
 * Mean squared error: mean of (x − t)². Its gradient is 2 (x − t) / n.
 *
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function mse(predictions: Tensor, targets: Tensor, options: ReductionOptions = {}): Tensor {
  known("mse", options, "reduction");
  checkSame("mse", predictions, targets);
  return reduce("mse", predictions.sub(targets).square(), options.reduction);
}
