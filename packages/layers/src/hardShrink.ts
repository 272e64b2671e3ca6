import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { checkFinite } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";

export interface HardShrinkOptions {
  /** Half the width of the gap. @defaultValue 0.5 */
  readonly lambda?: number;
}

/**
 * Zero near zero: y = x where |x| > λ, 0 otherwise. Keras `hard_shrink`, PyTorch `Hardshrink`.
 */
export function hardShrink(options: HardShrinkOptions = {}): Activation {
  const { lambda = 0.5 } = known("hardShrink", options, "lambda");
  checkFinite("hardShrink", "lambda", lambda);
  return elementwise(
    "hardShrink",
    (x: Tensor) => x.where(x.abs().greater(lambda), 0),
    () => describe("hardShrink", options),
  );
}
