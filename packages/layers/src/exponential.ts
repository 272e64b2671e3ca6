import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";

/**
 * y = eˣ.
 */
export function exponential(): Activation {
  nothing("exponential", arguments);
  return activation("exponential", (x: Tensor) => x.exp());
}
