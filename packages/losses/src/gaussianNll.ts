import { flag, known } from "@tenon/guards";
import { isTensor, type Tensor } from "@tenon/tensor";
import { checkPositive, checkSame, checkSameShapes } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface GaussianNllOptions extends ReductionOptions {
  /** The variance that is predicted for each value, or one for all. @defaultValue 1 */
  readonly variance?: Tensor | number;
  /** Whether to add ½ log 2π, which has no gradient. @defaultValue false */
  readonly full?: boolean;
  /** The least variance that counts. @defaultValue 1e-6 */
  readonly epsilon?: number;
}

/**
 * How surprising values are under normal distributions whose mean and variance are predicted: ½
 * (log
 * σ² + (x − t)² / σ²), up to ½ log 2π. In nats.
 *
 * Nix & Weigend (1994), Estimating the mean and variance of the target probability distribution.
 *
 * @param predictions the means
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function gaussianNll(
  predictions: Tensor,
  targets: Tensor,
  options: GaussianNllOptions = {},
): Tensor {
  const {
    variance = 1,
    full = false,
    epsilon = 1e-6,
    reduction,
  } = known("gaussianNll", options, "variance full epsilon reduction");
  checkSame("gaussianNll", predictions, targets);
  checkPositive("gaussianNll", "epsilon", epsilon);
  flag("gaussianNll", "full", full);
  if (isTensor(variance)) checkSameShapes("gaussianNll", { predictions, variance });
  else checkPositive("gaussianNll", "variance", variance);
  const squares = predictions.sub(targets).square();
  const constant = full ? Math.log(2 * Math.PI) : 0;
  if (!isTensor(variance)) {
    const held = Math.max(variance, epsilon);
    const losses = squares.mul(0.5 / held).add((Math.log(held) + constant) / 2);
    return reduce("gaussianNll", losses, reduction);
  }
  const held = variance.maximum(epsilon);
  const losses = squares.div(held).add(held.log()).add(constant).mul(0.5);
  return reduce("gaussianNll", losses, reduction);
}
