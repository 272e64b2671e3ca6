import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";

/**
 * y = x − tanh x.
 */
export function tanhShrink(): Activation {
  return activation("tanhShrink", (x: Tensor) => x.sub(x.tanh()));
}
