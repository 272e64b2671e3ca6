import type { Tensor } from "@tenon/tensor";

/** min(max(x / 6 + ½, 0), 1) */
export function hardSigmoidOf(x: Tensor): Tensor {
  return x.div(6).add(0.5).clamp(0, 1);
}
