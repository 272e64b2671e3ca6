import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkPositive, checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface MapeOptions extends ReductionOptions {
  /** The least size of a target that an error is divided by. @defaultValue 1e-7 */
  readonly epsilon?: number;
}

/**
 * The absolute error in percent of the target: 100 |x − t| / max(|t|, ε).
 *
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function mape(predictions: Tensor, targets: Tensor, options: MapeOptions = {}): Tensor {
  const { epsilon = 1e-7, reduction } = known("mape", options, "epsilon reduction");
  checkSame("mape", predictions, targets);
  checkPositive("mape", "epsilon", epsilon);
  const relative = predictions.sub(targets).abs().div(targets.abs().maximum(epsilon));
  return reduce("mape", relative.mul(100), reduction);
}
