import { norm, type Tensor } from "@tenon/tensor";

/**
 * The cosine of the angle between vectors on the last axis. `lengthOf` makes a length one above
 * 0, so that zeros have a direction.
 */
export function cosine(a: Tensor, b: Tensor, lengthOf: (length: Tensor) => Tensor): Tensor {
  // Of length 1 each before they are multiplied: neither squares nor products over- or underflow.
  const direction = (x: Tensor): Tensor => x.div(lengthOf(norm(x, -1, true)));
  return direction(a).mul(direction(b)).sum(-1);
}
