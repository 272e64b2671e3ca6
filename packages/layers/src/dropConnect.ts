import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkBetween, param } from "./internal/check.js";
import { dropped } from "./internal/noise.js";
import { reparametrized } from "./internal/reparametrized.js";

/**
 * Dropout of weights: while training, each of a layer's kernel is zero with probability `rate`, the
 * same for all examples of a batch, and divided by 1 − rate otherwise.
 *
 * The parameters are the layer's. Not to be confused with `stochasticDepth`, which EfficientNet's
 * code calls drop connect.
 *
 * Wan et al. (2013), Regularization of neural networks using DropConnect. ICML
 *
 * @param layer one with a parameter called `kernel`, such as dense or conv2d
 * @param rate in [0, 1)
 * @throws in `plan`, if the layer has no `kernel`
 */
export function dropConnect(layer: Layer<Tensor>, rate: number): Layer<Tensor> {
  noOptions("dropConnect", arguments[2]);
  checkBetween("dropConnect", "rate", rate, 0, 1);
  return reparametrized("dropConnect", layer, [rate], {
    kernel(pass) {
      const kernel = param("dropConnect", pass, "kernel");
      return pass.training && rate > 0 ? dropped(kernel, rate, pass, kernel.shape) : kernel;
    },
  });
}
