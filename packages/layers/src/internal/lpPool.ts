import { avgPool2d, type Pair, type Pool2dOptions, type Tensor } from "@tenon/tensor";
import { checkPositive } from "./check.js";

/** What `lpPool1d` and `lpPool2d` have in common. */
export interface LpPoolOptions {
  /** p: 1 sums, 2 is the Euclidean norm, large ones near the maximum. @defaultValue 2 */
  readonly order?: number;
}

/** The p-norm under each window: (Σ |x|ᵖ)^(1/p). */
export function lpPool(
  name: string,
  order: number,
): (x: Tensor, window: Pair, options: Pool2dOptions) => Tensor {
  checkPositive(name, "order", order);
  return (x, window, options) =>
    avgPool2d(x.abs().pow(order), window, { ...options, divisor: 1 }).pow(1 / order);
}
