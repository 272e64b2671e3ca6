import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * Keeps what is positive: y = max(x, 0). Its gradient at 0 is 0. Keras and PyTorch `ReLU`.
 *
 * Nair & Hinton (2010), Rectified linear units improve restricted Boltzmann machines. ICML
 */
export function relu(): Activation {
  nothing("relu", arguments);
  return elementwise("relu", (x: Tensor) => x.relu());
}
