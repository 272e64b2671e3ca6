import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkBetween } from "./internal/check.js";
import { dropped } from "./internal/noise.js";
import { noiseLayer } from "./internal/noiseLayer.js";

/**
 * While training, sets each element to zero with probability `rate` and divides the others by 1 −
 * rate, so that their mean stays (inverted dropout): y = x · [u ≥ rate] / (1 − rate), u uniform in
 * [0, 1). Otherwise the identity.
 *
 * The mask is a function of the seed, the step, the layer's path and the index: a resumed run draws
 * the same. Keras and PyTorch `Dropout`.
 *
 * Srivastava et al. (2014), Dropout: a simple way to prevent neural networks from overfitting. JMLR
 * 15
 *
 * @param rate in [0, 1)
 */
export function dropout(rate: number): Layer<Tensor> {
  noOptions("dropout", arguments[1]);
  checkBetween("dropout", "rate", rate, 0, 1);
  return noiseLayer("dropout", [rate], rate === 0, (x, pass) => dropped(x, rate, pass, x.shape));
}
