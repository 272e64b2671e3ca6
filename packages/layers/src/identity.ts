import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { elementwise } from "./internal/elementwise.js";

/** Changes nothing: y = x. Keras `Identity` and `linear`, PyTorch and jax `Identity`. */
export function identity(): Activation {
  nothing("identity", arguments);
  return elementwise("identity", (x: Tensor) => x);
}
