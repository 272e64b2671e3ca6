import { checkScalar } from "./internal/guards.js";
import type { Tensor } from "./tensor.js";

/**
 * How the loss of a batch is put together with that of others: Σ total / Σ weight. Without a weight
 * totals are added up. Of a loss that says nothing of it, the trainer looks at what it is made of.
 */
export interface Aggregate {
  readonly total: Tensor;
  readonly weight?: Tensor;
}

/**
 * A mean that says what it is a mean over: total / weight, and total where the weight is 0.
 *
 * For a loss of which not every example counts alike: `average(losses.mul(mask).sum(),
 * mask.sum())`. Then the loss of a dataset does not depend on how it is cut into batches.
 *
 * @param total a scalar, 0 where the weight is
 * @param weight a scalar
 * @throws if one of them is no scalar
 */
export function average(total: Tensor, weight: Tensor): Tensor {
  checkScalar("average", "total", total);
  checkScalar("average", "weight", weight);
  return marked(total.div(weight.add(weight.equal(0))), { total, weight });
}

/**
 * A scalar that grows with the batch: those of several batches are added up. Throws if it is none.
 */
export function total(sum: Tensor): Tensor {
  checkScalar("total", "sum", sum);
  return marked(sum, { total: sum });
}

/** The same record, of an object of its own: what it was made from says nothing. */
function marked(loss: Tensor, aggregate: Aggregate): Tensor {
  return Object.assign(Object.create(Object.getPrototypeOf(loss) as object) as object, loss, {
    aggregate,
  }) as Tensor;
}
