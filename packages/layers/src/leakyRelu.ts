import { noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { checkFinite } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * A relu with a small slope for negative inputs: y = x for x > 0, slope · x otherwise. Keras and
 * PyTorch `LeakyReLU`.
 *
 * Maas, Hannun & Ng (2013), Rectifier nonlinearities improve neural network acoustic models. ICML
 *
 * @param slope below zero; Keras' function has 0.2, its layer 0.3. @defaultValue 0.01
 */
export function leakyRelu(slope = 0.01): Activation {
  noOptions("leakyRelu", arguments[1]);
  checkFinite("leakyRelu", "slope", slope);
  return elementwise(
    "leakyRelu",
    (x: Tensor) => x.where(x.greater(0), x.mul(slope)),
    () => describe("leakyRelu", slope),
  );
}
