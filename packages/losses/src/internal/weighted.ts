import { where, type Tensor } from "@tenon/tensor";

/**
 * weights · losses, in which an infinite loss without weight adds nothing and sends no gradient
 * back: 0 log 0 is 0. What is NaN stays so, whatever its weight.
 */
export function weighted(weights: Tensor, losses: Tensor): Tensor {
  const nothing = weights.equal(0).mul(losses.abs().equal(Infinity));
  return where(nothing, 0, losses).mul(weights);
}
