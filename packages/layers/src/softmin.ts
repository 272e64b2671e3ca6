import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { checkAxis } from "./internal/check.js";

export interface SoftminOptions {
  /** Along which axis of the tensor, the batch axis counted. @defaultValue -1 */
  readonly axis?: number;
}

/**
 * Fractions of one, the largest for the smallest x: y = e⁻ˣ / Σ e⁻ˣ along an axis. PyTorch
 * `Softmin`.
 */
export function softmin(options: SoftminOptions = {}): Activation {
  const { axis = -1 } = known("softmin", options, "axis");
  checkAxis("softmin", axis);
  return bounded(
    activation("softmin", (x: Tensor) => x.neg().softmax(axis), options),
    0,
    1,
  );
}
