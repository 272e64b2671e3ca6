import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

/**
 * Mean absolute error: mean of |x − t|. Its gradient is sign(x − t) / n, 0 where both are equal.
 *
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function mae(predictions: Tensor, targets: Tensor, options: ReductionOptions = {}): Tensor {
  known("mae", options, "reduction");
  checkSame("mae", predictions, targets);
  return reduce("mae", predictions.sub(targets).abs(), options.reduction);
}
