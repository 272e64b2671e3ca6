import { where, type Tensor } from "@tenon/tensor";

/**
 * x above zero, α (e^(x / width) − 1) below. The argument of the exponential is never positive: its
 * overflow would make gradients of 0 · ∞.
 */
export function eluOf(x: Tensor, alpha: number, width = 1): Tensor {
  const positive = x.greater(0);
  const below = where(positive, 0, width === 1 ? x : x.div(width)).expm1();
  return where(positive, x, alpha === 1 ? below : below.mul(alpha));
}
