import { where, type Tensor } from "@tenon/tensor";

/**
 * log(1 + eˣ) as max(x, 0) + log(1 + e^(−|x|)): nothing overflows, nothing is lost. 0 counts as
 * positive in both parts, not as a tie, so that the gradient there is ½ and its own gradient ¼.
 */
export function softplusOf(x: Tensor): Tensor {
  const below = x.less(0);
  return where(below, 0, x).add(where(below, x, x.neg()).exp().log1p());
}
