import { badArgument, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { checkFinite } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";

export interface HardTanhOptions {
  /** The lower bound. @defaultValue -1 */
  readonly low?: number;
  /** The upper bound. @defaultValue 1 */
  readonly high?: number;
}

/**
 * Held between two bounds: y = min(max(x, low), high). Its gradient at the bounds is 0. Keras
 * `hard_tanh`, PyTorch `Hardtanh`.
 */
export function hardTanh(options: HardTanhOptions = {}): Activation {
  const { low = -1, high = 1 } = known("hardTanh", options, "low high");
  checkFinite("hardTanh", "low", low);
  checkFinite("hardTanh", "high", high);
  if (low > high) throw badArgument("hardTanh", "low ≤ high", `${low} and ${high}`);
  const layer = elementwise(
    "hardTanh",
    (x: Tensor) => x.clamp(low, high),
    () => describe("hardTanh", options),
  );
  return low < high ? bounded(layer, low, high) : layer;
}
