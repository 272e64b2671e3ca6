import { known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { checkFinite } from "./internal/check.js";

export interface ThresholdOptions {
  /** The value that x must exceed. @defaultValue 0 */
  readonly threshold?: number;
  /** The result for all other x. @defaultValue 0 */
  readonly value?: number;
}

/**
 * y = x where x > threshold, else one value.
 */
export function threshold(options: ThresholdOptions = {}): Activation {
  const { threshold = 0, value = 0 } = known("threshold", options, "threshold value");
  checkFinite("threshold", "threshold", threshold);
  checkFinite("threshold", "value", value);
  return activation("threshold", (x: Tensor) => where(x.greater(threshold), x, value), options);
}
