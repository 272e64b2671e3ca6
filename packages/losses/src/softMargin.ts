import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import { softplus } from "./internal/softplus.js";
import type { ReductionOptions } from "./reduction.js";

/**
 * A smooth hinge: log(1 + e^(−t x)). The binary cross entropy for targets of −1 and 1.
 *
 * @param targets of the predictions' shape, −1 or 1
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function softMargin(
  predictions: Tensor,
  targets: Tensor,
  options: ReductionOptions = {},
): Tensor {
  known("softMargin", options, "reduction");
  checkSame("softMargin", predictions, targets);
  return reduce("softMargin", softplus(predictions.mul(targets).neg()), options.reduction);
}
