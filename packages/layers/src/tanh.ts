import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";

/**
 * Between −1 and 1: y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).
 */
export function tanh(): Activation {
  nothing("tanh", arguments);
  return activation("tanh", (x: Tensor) => x.tanh());
}
