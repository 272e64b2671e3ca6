import { known } from "@tenon/guards";
import { normalCdf, type Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { checkFlags } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";

export interface GeluOptions {
  /** Whether to use the form with tanh. @defaultValue false */
  readonly approximate?: boolean;
}

/**
 * Weighs x by the probability that a standard normal variable is below it: y = x Φ(x) = ½ x erfc(−x
 * / √2). Keras `gelu`, PyTorch `GELU`.
 *
 * Approximate: ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).
 *
 * Hendrycks & Gimpel (2016), Gaussian error linear units. arXiv:1606.08415
 */
export function gelu(options: GeluOptions = {}): Activation {
  const { approximate = false } = known("gelu", options, "approximate");
  checkFlags("gelu", { approximate });
  return elementwise(
    "gelu",
    (x: Tensor) => {
      // ½ (1 + tanh u) is the sigmoid of 2u, whose tail does not cancel.
      if (approximate)
        return x.mul(
          x
            .square()
            .mul(0.044715)
            .add(1)
            .mul(x)
            .mul(2 * Math.sqrt(2 / Math.PI))
            .sigmoid(),
        );
      return x.mul(normalCdf(x));
    },
    () => describe("gelu", options),
  );
}
