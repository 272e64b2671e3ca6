import { nothing } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * y = x / (1 + |x|), with the gradient 1 / (1 + |x|)². Keras `softsign`, PyTorch `Softsign`.
 *
 * Turian, Bergstra & Bengio (2009), Quadratic features and deep architectures for chunking. NAACL
 */
export function softsign(): Activation {
  nothing("softsign", arguments);
  const layer = elementwise("softsign", (x: Tensor) => {
    // The gradient of the quotient is a difference that cancels far out; for 1 − 1 / (1 + |x|) it
    // is not a difference.
    const size = x.abs();
    const far = size.greater(1);
    const near = where(far, 0, x);
    const rest = where(far, size, 0).add(1).reciprocal();
    return where(far, x.sign().mul(rest.neg().add(1)), near.div(near.abs().add(1)));
  });
  return bounded(layer, -1, 1);
}
