import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkBetween } from "./internal/check.js";
import { standardNormal } from "./internal/noise.js";
import { noiseLayer } from "./internal/noiseLayer.js";

/**
 * While training, multiplies each element by a normal number of mean 1 and the variance that
 * dropout of this rate has, rate / (1 − rate). Otherwise the identity. Keras `GaussianDropout`.
 *
 * Srivastava et al. (2014), Dropout: a simple way to prevent neural networks from overfitting,
 * section 10. JMLR 15
 *
 * @param rate in [0, 1)
 */
export function gaussianDropout(rate: number): Layer<Tensor> {
  noOptions("gaussianDropout", arguments[1]);
  checkBetween("gaussianDropout", "rate", rate, 0, 1);
  const std = Math.sqrt(rate / (1 - rate));
  return noiseLayer("gaussianDropout", [rate], rate === 0, (x, pass) =>
    x.mul(standardNormal(pass, x.shape).mul(std).add(1)),
  );
}
