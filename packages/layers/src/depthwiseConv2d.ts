import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import {
  conv2d as convolve,
  input as placeholder,
  pairOf,
  type Conv2dOptions as ConvolveOptions,
  type Pair,
  type Tensor,
} from "@tenon/tensor";
import { checkCount, checkImage, inNameOf, largeImage } from "./internal/check.js";
import { convolution } from "./internal/convolution.js";
import { noActivation, weightsOf, type WeightOptions } from "./internal/weights.js";

/** `strides`, `padding` and `dilation` as the tensor operation `conv2d` has them. */
export interface DepthwiseConv2dOptions extends Omit<ConvolveOptions, "groups">, WeightOptions {
  /** How many outputs each channel has. @defaultValue 1 */
  readonly depthMultiplier?: number;
}

/**
 * A convolution of each channel by itself: y[i, j, c·m + q] = b[c·m + q] + Σ x[i·s + k·d − p, j·s +
 * l·d − p, c] · w[k, l, c, q].
 *
 * `[height, width, channels]` becomes `[height′, width′, channels · m]` with the multiplier m.
 * Parameters: `kernel` [rows, columns, channels, m], `bias` [channels · m]. Keras
 * `DepthwiseConv2D`, PyTorch `Conv2d` with as many groups as channels.
 *
 * Howard et al. (2017), MobileNets, section 3.1. arXiv:1704.04861
 *
 * @param kernelSize one number for both directions, or [rows, columns]
 */
export function depthwiseConv2d(
  kernelSize: Pair,
  options: DepthwiseConv2dOptions = {},
): Layer<Tensor> {
  const name = "depthwiseConv2d";
  const {
    useBias,
    kernelInit,
    biasInit,
    depthMultiplier = 1,
    ...how
  } = known(
    name,
    noActivation(name, options),
    "useBias kernelInit biasInit depthMultiplier strides padding dilation",
  );
  const size = pairOf(name, "kernelSize", kernelSize);
  checkCount(name, "depthMultiplier", depthMultiplier);
  const apply = (x: Tensor, kernel: Tensor): Tensor => {
    const groups = x.shape[3]!;
    const oneInput = kernel.reshape([...size, 1, groups * depthMultiplier]);
    return inNameOf(name, () => convolve(x, oneInput, { ...how, groups }));
  };
  apply(largeImage(1), placeholder("kernel", { shape: [...size, 1, depthMultiplier] }));
  return convolution({
    type: name,
    args: [kernelSize, options],
    weights: weightsOf(name, { useBias, kernelInit, biasInit }),
    check: (input) => checkImage(name, input),
    kernel: (channels) => [...size, channels, depthMultiplier],
    apply,
  });
}
