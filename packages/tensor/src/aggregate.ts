import { checkScalar } from "./internal/guards.js";
import type { Tensor } from "./tensor.js";

/**
 * How the losses of several batches are combined: Σ total / Σ weight, or Σ total without a weight.
 * A loss without an aggregate is weighted by the examples of its batch.
 */
export interface Aggregate {
  readonly total: Tensor;
  readonly weight?: Tensor;
}

/**
 * A mean with its aggregate: total / weight, and total where the weight is 0.
 *
 * For a loss whose examples have different weights: `average(losses.mul(mask).sum(),
 * mask.sum())`. Then the loss of a dataset does not depend on its batches, also where this is added
 * to other losses, or multiplied or divided by a number.
 *
 * @param total a scalar, 0 where the weight is
 * @param weight a scalar
 * @throws if one of them is not a scalar
 */
export function average(total: Tensor, weight: Tensor): Tensor {
  checkScalar("average", "total", total);
  checkScalar("average", "weight", weight);
  return marked(total.div(weight.add(weight.equal(0))), { total, weight });
}

/**
 * A scalar that grows with the batch: those of several batches are added up, where others are
 * weighted by their examples: `total(predictions.sub(targets).square().sum())`. Throws if it is not
 * a scalar.
 */
export function total(sum: Tensor): Tensor {
  checkScalar("total", "sum", sum);
  return marked(sum, { total: sum });
}

/** A copy of the tensor with an aggregate; the given tensor has none. */
function marked(loss: Tensor, aggregate: Aggregate): Tensor {
  return Object.assign(Object.create(Object.getPrototypeOf(loss) as object) as object, loss, {
    aggregate,
  }) as Tensor;
}
