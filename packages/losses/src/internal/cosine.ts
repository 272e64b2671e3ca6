import { norm, type Tensor } from "@tenon/tensor";

/**
 * The cosine of the angle between vectors on the last axis; `epsilon` is the least squared length,
 * so that zeros have a direction.
 */
export function cosine(a: Tensor, b: Tensor, epsilon: number): Tensor {
  // Of length 1 each before they are multiplied: neither squares nor products over- or underflow.
  const direction = (x: Tensor): Tensor => x.div(norm(x, -1, true).maximum(Math.sqrt(epsilon)));
  return direction(a).mul(direction(b)).sum(-1);
}
