import type { Tensor } from "@tenon/tensor";

/**
 * log(1 + eˣ) as max(x, 0) + log(1 + e^(−|x|)): nothing overflows, nothing is lost. At 0 the tie in
 * the maximum gives the gradient ½ that it should have.
 */
export function softplus(x: Tensor): Tensor {
  return x.maximum(0).add(x.abs().neg().exp().log1p());
}
