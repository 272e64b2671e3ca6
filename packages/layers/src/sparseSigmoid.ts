import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * The gradient of `sparsePlus`: y = min(max((x + 1) / 2, 0), 1). Keras and jax `sparse_sigmoid`.
 */
export function sparseSigmoid(): Activation {
  nothing("sparseSigmoid", arguments);
  return bounded(
    elementwise("sparseSigmoid", (x: Tensor) => x.add(1).mul(0.5).clamp(0, 1)),
    0,
    1,
  );
}
