import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import {
  conv2dTranspose as convolve,
  input as placeholder,
  pairOf,
  type Conv2dTransposeOptions as ConvolveOptions,
  type Pair,
  type Tensor,
} from "@tenon/tensor";
import { checkImage, largeImage } from "./internal/check.js";
import { checkFilters, convolution } from "./internal/convolution.js";
import { noActivation, weightsOf, type WeightOptions } from "./internal/weights.js";

/**
 * `strides`, `padding`, `outputPadding`, `dilation` and `groups` as the tensor operation has them.
 */
export interface Conv2dTransposeOptions extends ConvolveOptions, WeightOptions {}

/**
 * The adjoint of a convolution, with learned weights, which makes an image larger by its strides:
 * y[i·s + k·d − p, j·s + l·d − p, o] += x[i, j, c] · w[k, l, o, c], and b[o] once.
 *
 * `[height, width, channels]` becomes `[height′, width′, filters]`; sizes are those of the tensor
 * operation. Parameters: `kernel` [rows, columns, filters / groups, channels], `bias` [filters].
 * Keras `Conv2DTranspose`, PyTorch `ConvTranspose2d`.
 *
 * Zeiler, Krishnan, Taylor & Fergus (2010), Deconvolutional networks. CVPR
 *
 * @param filters the number of output channels
 * @param kernelSize one number for both directions, or [rows, columns]
 */
export function conv2dTranspose(
  filters: number,
  kernelSize: Pair,
  options: Conv2dTransposeOptions = {},
): Layer<Tensor> {
  const name = "conv2dTranspose";
  const { useBias, kernelInit, biasInit, ...how } = known(
    name,
    noActivation(name, options),
    "useBias kernelInit biasInit strides padding outputPadding dilation groups",
  );
  const { groups = 1 } = how;
  checkFilters(name, filters, groups);
  const size = pairOf(name, "kernelSize", kernelSize);
  convolve(largeImage(groups), placeholder("kernel", { shape: [...size, 1, groups] }), how);
  return convolution({
    type: name,
    args: [filters, kernelSize, options],
    weights: weightsOf(name, { useBias, kernelInit, biasInit }),
    groups,
    check: (input) => checkImage(name, input),
    kernel: (channels) => [...size, filters / groups, channels],
    apply: (x, kernel) => convolve(x, kernel, how),
  });
}
