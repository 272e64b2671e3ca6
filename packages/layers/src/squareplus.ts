import { known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { checkPositive } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";

export interface SquareplusOptions {
  /** b: the larger, the smoother. @defaultValue 4 */
  readonly b?: number;
}

/**
 * A smooth max(x, 0) without exponentials: y = (x + √(x² + b)) / 2. Keras and jax `squareplus`.
 *
 * Barron (2021), Squareplus. arXiv:2112.11687
 */
export function squareplus(options: SquareplusOptions = {}): Activation {
  const { b = 4 } = known("squareplus", options, "b");
  checkPositive("squareplus", "b", b);
  return elementwise(
    "squareplus",
    (x: Tensor) => {
      const below = x.less(0);
      const size = where(below, x.neg(), x);
      // there b is negligible next to x², which may overflow
      const far = size.greater(1e9 * Math.sqrt(b));
      const root = where(far, size, where(far, 0, x).square().add(b).sqrt());
      const half = size.mul(0.5).add(root.mul(0.5));
      // Below zero x + root would cancel: (x + root) (root − x) = b.
      return where(below, half.reciprocal().mul(b / 4), half);
    },
    () => describe("squareplus", options),
  );
}
