import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";

export interface GeluOptions {
  /** Whether to use the form with tanh. @defaultValue false */
  readonly approximate?: boolean;
}

/**
 * Weighs x by how likely a standard normal number lies below it: y = x Φ(x) = ½ x (1 + erf(x / √2)).
 *
 * Approximate: ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).
 *
 * Hendrycks & Gimpel (2016), Gaussian error linear units. arXiv:1606.08415
 */
export function gelu(options: GeluOptions = {}): Activation {
  const { approximate = false } = known("gelu", options, "approximate");
  return activation("gelu", (x: Tensor) => {
    if (approximate) return x.mul(x.square().mul(0.044715).add(1).mul(x).mul(Math.sqrt(2 / Math.PI)).tanh().add(1)).mul(0.5);
    return x.mul(x.mul(Math.SQRT1_2).erf().add(1)).mul(0.5);
  }, options);
}
