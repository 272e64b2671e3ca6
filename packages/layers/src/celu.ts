import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { checkPositive } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";
import { eluOf } from "./internal/elu.js";

export interface CeluOptions {
  /** Minus the limit for x → −∞. @defaultValue 1 */
  readonly alpha?: number;
}

/**
 * An elu whose gradient at 0 is 1 for every α: y = x for x > 0, α (e^(x / α) − 1) otherwise. Keras
 * `celu`, PyTorch `CELU`.
 *
 * Barron (2017), Continuously differentiable exponential linear units. arXiv:1704.07483
 */
export function celu(options: CeluOptions = {}): Activation {
  const { alpha = 1 } = known("celu", options, "alpha");
  checkPositive("celu", "alpha", alpha);
  return elementwise(
    "celu",
    (x: Tensor) => eluOf(x, alpha, alpha),
    () => describe("celu", options),
  );
}
