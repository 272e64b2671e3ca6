import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { checkFinite } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";

export interface SoftShrinkOptions {
  /** λ, the distance by which values move. @defaultValue 0.5 */
  readonly lambda?: number;
}

/**
 * Nearer to zero by λ, and zero within: y = sign(x) max(|x| − λ, 0). Keras `soft_shrink`, PyTorch
 * `Softshrink`.
 */
export function softShrink(options: SoftShrinkOptions = {}): Activation {
  const { lambda = 0.5 } = known("softShrink", options, "lambda");
  checkFinite("softShrink", "lambda", lambda);
  return elementwise(
    "softShrink",
    (x: Tensor) => x.sign().mul(x.abs().sub(lambda).relu()),
    () => describe("softShrink", options),
  );
}
