import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * y = eˣ. Keras `exponential`.
 */
export function exponential(): Activation {
  nothing("exponential", arguments);
  return elementwise("exponential", (x: Tensor) => x.exp());
}
