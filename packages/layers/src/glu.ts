import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { checkAxis } from "./internal/check.js";
import { halves } from "./internal/halves.js";

export interface GluOptions {
  /** Which axis of the tensor, the batch axis counted. @defaultValue -1 */
  readonly axis?: number;
}

/**
 * Halves the axis: the second half decides how much of the first passes, y = a · σ(b). Keras `glu`,
 * PyTorch `GLU`.
 *
 * Dauphin et al. (2017), Language modeling with gated convolutional networks. arXiv:1612.08083
 */
export function glu(options: GluOptions = {}): Activation {
  const { axis = -1 } = known("glu", options, "axis");
  checkAxis("glu", axis);
  return activation(
    "glu",
    (x: Tensor) => {
      const [a, b] = halves("glu", x, axis);
      return a.mul(b.sigmoid());
    },
    options,
  );
}
