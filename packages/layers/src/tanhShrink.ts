import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";

/**
 * y = x − tanh x.
 */
export function tanhShrink(): Activation {
  nothing("tanhShrink", arguments);
  return activation("tanhShrink", (x: Tensor) => x.sub(x.tanh()));
}
