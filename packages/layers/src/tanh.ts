import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * Between −1 and 1: y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ). Keras `tanh`, PyTorch `Tanh`.
 */
export function tanh(): Activation {
  nothing("tanh", arguments);
  return bounded(
    elementwise("tanh", (x: Tensor) => x.tanh()),
    -1,
    1,
  );
}
