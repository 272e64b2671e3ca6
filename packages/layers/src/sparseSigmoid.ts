import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";

/**
 * The gradient of `sparsePlus`: y = min(max((x + 1) / 2, 0), 1).
 */
export function sparseSigmoid(): Activation {
  nothing("sparseSigmoid", arguments);
  return activation("sparseSigmoid", (x: Tensor) => x.add(1).mul(0.5).clamp(0, 1));
}
