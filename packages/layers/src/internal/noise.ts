import type { Pass, Shape } from "@tenon/contracts";
import { boxMuller, uniform, where, type Tensor } from "@tenon/tensor";

/**
 * Zeros with probability `rate`, and 1 / (1 − rate) times the others, so that the mean stays. Along
 * axes where `shape` has 1, all elements have the same fate.
 */
export function dropped(x: Tensor, rate: number, pass: Pass<Tensor>, shape: Shape): Tensor {
  return where(pass.draw(shape, uniform).greaterEqual(rate), x.mul(1 / (1 - rate)), 0);
}

/** Normal numbers of mean 0 and standard deviation 1. */
export const standardNormal = (pass: Pass<Tensor>, shape: Shape): Tensor =>
  boxMuller(pass.draw(shape, uniform), pass.draw(shape, uniform));
