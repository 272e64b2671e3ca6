import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

/**
 * The squared error of logarithms, for values that grow by factors: (log(1 + x) − log(1 + t))²,
 * where
 * what is below 0 counts as 0.
 *
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function msle(predictions: Tensor, targets: Tensor, options: ReductionOptions = {}): Tensor {
  const { reduction } = known("msle", options, "reduction");
  checkSame("msle", predictions, targets);
  const error = predictions.relu().log1p().sub(targets.relu().log1p());
  return reduce("msle", error.square(), reduction);
}
