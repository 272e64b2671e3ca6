import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { bounded } from "./bounded.js";
import { checkAxis } from "./internal/check.js";

export interface SoftmaxOptions {
  /** Along which axis of the tensor, the batch axis counted. @defaultValue -1 */
  readonly axis?: number;
}

/**
 * Fractions of one: y = eˣ / Σ eˣ along an axis. For a classifier, let the model end in logits and
 * leave this to `crossEntropy`. Keras and PyTorch `Softmax`.
 *
 * Bridle (1990), Training stochastic model recognition algorithms as networks. NeurIPS 2
 */
export function softmax(options: SoftmaxOptions = {}): Activation {
  const { axis = -1 } = known("softmax", options, "axis");
  checkAxis("softmax", axis);
  return bounded(
    activation("softmax", (x: Tensor) => x.softmax(axis), options),
    0,
    1,
  );
}
