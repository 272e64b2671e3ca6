import { noOptions } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { activation, type Activation } from "./activation.js";
import { checkFinite } from "./internal/check.js";

/**
 * A relu with a small slope for negative inputs: y = x for x > 0, slope · x otherwise.
 *
 * Maas, Hannun & Ng (2013), Rectifier nonlinearities improve neural network acoustic models. ICML
 *
 * @param slope below zero; Keras' function has 0.2, its layer 0.3. @defaultValue 0.01
 */
export function leakyRelu(slope = 0.01): Activation {
  noOptions("leakyRelu", arguments[1]);
  checkFinite("leakyRelu", "slope", slope);
  return activation("leakyRelu", (x: Tensor) => where(x.greater(0), x, x.mul(slope)), slope);
}
