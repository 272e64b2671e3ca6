import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * Weighs x by its own sigmoid: y = x / (1 + e⁻ˣ). Also called swish. Keras `silu` and `swish`,
 * PyTorch `SiLU`.
 *
 * Elfwing, Uchibe & Doya (2018), Sigmoid-weighted linear units. arXiv:1702.03118
 */
export function silu(): Activation {
  nothing("silu", arguments);
  return elementwise("silu", (x: Tensor) => x.mul(x.sigmoid()));
}
