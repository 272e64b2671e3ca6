import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkNotNegative } from "./internal/check.js";
import { standardNormal } from "./internal/noise.js";
import { noiseLayer } from "./internal/noiseLayer.js";

/**
 * While training, adds to each element a normal number of mean 0: y = x + std · N(0, 1). Otherwise
 * the identity. Keras `GaussianNoise`.
 *
 * Bishop (1995), Training with noise is equivalent to Tikhonov regularization. Neural Computation 7
 *
 * @param std the standard deviation, in units of the input
 */
export function gaussianNoise(std: number): Layer<Tensor> {
  noOptions("gaussianNoise", arguments[1]);
  checkNotNegative("gaussianNoise", "std", std);
  return noiseLayer("gaussianNoise", [std], std === 0, (x, pass) =>
    x.add(standardNormal(pass, x.shape).mul(std)),
  );
}
