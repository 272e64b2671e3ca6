import { known } from "@tenon/guards";
import { arange, cumsum, sort, type Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { checkAxis } from "./internal/check.js";

export interface SparsemaxOptions {
  /** Along which axis of the tensor, the batch axis counted. @defaultValue -1 */
  readonly axis?: number;
}

/**
 * Fractions of one, many of them exactly 0: the point of the simplex that is nearest to x, y =
 * max(x − τ, 0) with τ such that they add up to 1.
 *
 * τ = (Σ x − 1) / k over the k largest, k being the most for which the smallest of them is above τ.
 * Keras `sparsemax`.
 *
 * Martins & Astudillo (2016), From softmax to sparsemax, algorithm 1. arXiv:1602.02068
 */
export function sparsemax(options: SparsemaxOptions = {}): Activation {
  const { axis = -1 } = known("sparsemax", options, "axis");
  checkAxis("sparsemax", axis);
  const apply = (x: Tensor): Tensor => {
    const along = axis < 0 ? axis + x.shape.length : axis;
    // Only which are among the k largest depends on the order; no gradient passes through it.
    const shifted = x.sub(x.max(axis, true).detach());
    const sorted = sort(shifted.detach(), { axis, descending: true });
    const places = arange(x.shape[along]!)
      .add(1)
      .reshape(x.shape.map((n, i) => (i === along ? n : 1)));
    const inSupport = sorted.mul(places).add(1).greater(cumsum(sorted, axis));
    const count = inSupport.sum(axis, true);
    const smallest = sorted.takeAlong(count.sub(1).cast("int32"), axis);
    const chosen = shifted.greaterEqual(smallest).detach();
    const tau = shifted.mul(chosen).sum(axis, true).sub(1).div(chosen.sum(axis, true));
    return shifted.sub(tau).relu();
  };
  return bounded(activation("sparsemax", apply, options), 0, 1);
}
