import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { checkFinite } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";

export interface ThresholdOptions {
  /** The value that x must exceed. @defaultValue 0 */
  readonly threshold?: number;
  /** The result for all other x. @defaultValue 0 */
  readonly value?: number;
}

/**
 * y = x where x > threshold, else one value. Keras `threshold`, PyTorch `Threshold`.
 */
export function threshold(options: ThresholdOptions = {}): Activation {
  const { threshold = 0, value = 0 } = known("threshold", options, "threshold value");
  checkFinite("threshold", "threshold", threshold);
  checkFinite("threshold", "value", value);
  return elementwise(
    "threshold",
    (x: Tensor) => x.where(x.greater(threshold), value),
    () => describe("threshold", options),
  );
}
