import { known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { checkFinite } from "./internal/check.js";

export interface HardShrinkOptions {
  /** Half the width of the gap. @defaultValue 0.5 */
  readonly lambda?: number;
}

/**
 * Zero near zero: y = x where |x| > λ, 0 otherwise.
 */
export function hardShrink(options: HardShrinkOptions = {}): Activation {
  const { lambda = 0.5 } = known("hardShrink", options, "lambda");
  checkFinite("hardShrink", "lambda", lambda);
  return activation("hardShrink", (x: Tensor) => where(x.abs().greater(lambda), x, 0), options);
}
