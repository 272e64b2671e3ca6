import { checkTensor } from "./internal/guards.js";
import { where } from "./ops/elementwise.js";
import type { Tensor } from "./tensor.js";

/**
 * How the loss of a batch is put together with that of others: Σ total / Σ weight. Without a weight totals are added up.
 * A loss that says nothing of it is weighted by its examples.
 */
export interface Aggregate {
  readonly total: Tensor;
  readonly weight?: Tensor;
}

/**
 * A mean that says what it is a mean over: total / weight, and 0 where there is no weight.
 *
 * For a loss of which not every example counts alike: `average(losses.mul(mask).sum(), mask.sum())`. Then the loss of
 * a dataset does not depend on how it is cut into batches.
 *
 * @param total a scalar
 * @param weight a scalar
 */
export function average(total: Tensor, weight: Tensor): Tensor {
  checkTensor("average", total, "a total that is a tensor");
  checkTensor("average", weight, "a weight that is a tensor");
  return Object.assign(total.div(where(weight.equal(0), 1, weight)), { aggregate: { total, weight } });
}

/** A scalar that grows with the batch: those of several batches are added up. */
export function total(sum: Tensor): Tensor {
  checkTensor("total", sum);
  // Of a record of its own, so that what it was made from says nothing.
  return Object.assign(Object.create(Object.getPrototypeOf(sum) as object) as object, sum, { aggregate: { total: sum } }) as Tensor;
}
