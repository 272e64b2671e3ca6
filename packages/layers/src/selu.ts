import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { elementwise } from "./internal/elementwise.js";
import { eluOf } from "./internal/elu.js";

/**
 * An elu scaled so that layers keep mean 0 and standard deviation 1: y = λ x for x > 0, λ α (eˣ −
 * 1) otherwise, λ ≈ 1.0507, α ≈ 1.6733. Keras `selu`, PyTorch `SELU`.
 *
 * Klambauer et al. (2017), Self-normalizing neural networks. arXiv:1706.02515
 */
export function selu(): Activation {
  nothing("selu", arguments);
  return elementwise("selu", (x: Tensor) => eluOf(x, 1.6732632423543772).mul(1.0507009873554805));
}
