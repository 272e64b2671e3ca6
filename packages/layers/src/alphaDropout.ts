import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { uniform, where, type Tensor } from "@tenon/tensor";
import { checkBetween } from "./internal/check.js";
import { noiseLayer } from "./internal/noiseLayer.js";

/**
 * Dropout after `selu`: while training, elements become selu's lowest value −λα with probability
 * `rate`, and all are scaled and shifted so that mean 0 and variance 1 stay: y = a · d + b, a = ((1
 * − rate)(1 + rate · (λα)²))^(−½), b = a · λα · rate. Otherwise the identity.
 *
 * Keras and PyTorch `AlphaDropout`.
 *
 * Klambauer et al. (2017), Self-normalizing neural networks, section "New dropout technique".
 * arXiv:1706.02515
 *
 * @param rate in [0, 1)
 */
export function alphaDropout(rate: number): Layer<Tensor> {
  noOptions("alphaDropout", arguments[1]);
  checkBetween("alphaDropout", "rate", rate, 0, 1);
  const saturated = -1.0507009873554805 * 1.6732632423543772; // what selu gives far below zero: −λα
  const a = 1 / Math.sqrt((1 - rate) * (1 + rate * saturated ** 2));
  return noiseLayer("alphaDropout", [rate], rate === 0, (x, pass) =>
    where(pass.draw(x.shape, uniform).greaterEqual(rate), x, saturated)
      .mul(a)
      .sub(a * saturated * rate),
  );
}
