import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { checkAxis } from "./internal/check.js";

export interface LogSoftmaxOptions {
  /** Along which axis of the tensor, the batch axis counted. @defaultValue -1 */
  readonly axis?: number;
}

/**
 * The logarithm of the softmax, without overflow: y = x − log Σ eˣ along an axis. Keras
 * `log_softmax`, PyTorch `LogSoftmax`.
 */
export function logSoftmax(options: LogSoftmaxOptions = {}): Activation {
  const { axis = -1 } = known("logSoftmax", options, "axis");
  checkAxis("logSoftmax", axis);
  return activation("logSoftmax", (x: Tensor) => x.logSoftmax(axis), options);
}
