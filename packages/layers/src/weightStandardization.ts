import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkNotNegative, param } from "./internal/check.js";
import { reparametrized } from "./internal/reparametrized.js";

export interface WeightStandardizationOptions {
  /** Added to the variance. @defaultValue 1e-6 */
  readonly epsilon?: number;
}

/**
 * Uses a layer's kernel with mean 0 and variance 1 for each output: ŵ = (w − μ) / √(σ² + ε), μ and
 * σ² over the weights of an output (the kernel's last axis).
 *
 * Meant for convolutions before `groupNorm`. The parameters are the layer's. timm `StdConv2d`.
 *
 * Qiao et al. (2019), Micro-batch training with batch-channel normalization and weight
 * standardization. arXiv:1903.10520
 *
 * @param layer one with a parameter called `kernel`, such as conv2d
 * @throws in `plan`, if the layer has no `kernel`
 */
export function weightStandardization(
  layer: Layer<Tensor>,
  options: WeightStandardizationOptions = {},
): Layer<Tensor> {
  const name = "weightStandardization";
  const { epsilon = 1e-6 } = known(name, options, "epsilon");
  checkNotNegative(name, "epsilon", epsilon);
  return reparametrized(name, layer, [options], {
    kernel(pass) {
      const w = param(name, pass, "kernel");
      const axes = w.shape.map((_, i) => i).slice(0, -1);
      const centred = w.sub(w.mean(axes));
      return centred.div(centred.square().mean(axes).add(epsilon).sqrt());
    },
  });
}
