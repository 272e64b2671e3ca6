import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { bounded } from "./bounded.js";

/**
 * The gradient of `sparsePlus`: y = min(max((x + 1) / 2, 0), 1).
 */
export function sparseSigmoid(): Activation {
  nothing("sparseSigmoid", arguments);
  return bounded(
    activation("sparseSigmoid", (x: Tensor) => x.add(1).mul(0.5).clamp(0, 1)),
    0,
    1,
  );
}
