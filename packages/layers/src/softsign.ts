import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";

/**
 * y = x / (1 + |x|).
 *
 * Turian, Bergstra & Bengio (2009), Quadratic features and deep architectures for chunking. NAACL
 */
export function softsign(): Activation {
  nothing("softsign", arguments);
  return activation("softsign", (x: Tensor) => x.div(x.abs().add(1)));
}
