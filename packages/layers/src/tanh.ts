import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { bounded } from "./bounded.js";

/**
 * Between −1 and 1: y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).
 */
export function tanh(): Activation {
  nothing("tanh", arguments);
  return bounded(
    activation("tanh", (x: Tensor) => x.tanh()),
    -1,
    1,
  );
}
