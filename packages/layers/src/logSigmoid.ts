import { nothing } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { softplusOf } from "./internal/softplus.js";

/**
 * The logarithm of the sigmoid, without overflow: y = −log(1 + e⁻ˣ).
 */
export function logSigmoid(): Activation {
  nothing("logSigmoid", arguments);
  return activation("logSigmoid", (x: Tensor) => softplusOf(x.neg()).neg());
}
