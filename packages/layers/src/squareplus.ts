import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { checkPositive } from "./internal/check.js";

export interface SquareplusOptions {
  /** The larger, the rounder the bend. @defaultValue 4 */
  readonly b?: number;
}

/**
 * A smooth max(x, 0) without exponentials: y = (x + √(x² + b)) / 2.
 *
 * Barron (2021), Squareplus. arXiv:2112.11687
 */
export function squareplus(options: SquareplusOptions = {}): Activation {
  const { b = 4 } = known("squareplus", options, "b");
  checkPositive("squareplus", "b", b);
  return activation("squareplus", (x: Tensor) => x.add(x.square().add(b).sqrt()).mul(0.5), options);
}
