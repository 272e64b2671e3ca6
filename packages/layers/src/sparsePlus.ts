import { nothing } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * A smooth max(x, 0) that is exact outside [−1, 1]: y = 0 for x ≤ −1, (x + 1)² / 4 between, x for x
 * ≥ 1. Keras and jax `sparse_plus`.
 */
export function sparsePlus(): Activation {
  nothing("sparsePlus", arguments);
  return elementwise("sparsePlus", (x: Tensor) =>
    where(x.lessEqual(-1), 0, where(x.greaterEqual(1), x, x.add(1).square().mul(0.25))),
  );
}
