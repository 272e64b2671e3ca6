import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { elementwise } from "./internal/elementwise.js";
import { softplusOf } from "./internal/softplus.js";

/**
 * The logarithm of the sigmoid, without overflow: y = −log(1 + e⁻ˣ). Keras `log_sigmoid`, PyTorch
 * `LogSigmoid`.
 */
export function logSigmoid(): Activation {
  nothing("logSigmoid", arguments);
  return elementwise("logSigmoid", (x: Tensor) => softplusOf(x.neg()).neg());
}
