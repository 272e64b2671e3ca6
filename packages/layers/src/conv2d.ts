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
import { checkImage, largeImage } from "./internal/check.js";
import { checkFilters, convolution } from "./internal/convolution.js";
import { checkPaddingMode, withEdges, type PaddingMode } from "./internal/paddingMode.js";
import { noActivation, weightsOf, type WeightOptions } from "./internal/weights.js";

/**
 * `strides`, `padding` ("valid", "same" or a width on each side), `dilation` and `groups` as the
 * tensor operation has them.
 */
export interface Conv2dOptions extends ConvolveOptions, WeightOptions {
  /** What is beyond the edges of the image. @defaultValue "zeros" */
  readonly paddingMode?: PaddingMode;
}

/**
 * Slides `filters` small kernels over an image: y[i, j, o] = b[o] + Σ x[i·s + k·d − p, j·s + l·d −
 * p, c] · w[k, l, c, o].
 *
 * `[height, width, channels]` becomes `[height′, width′, filters]`.
 * Parameters: `kernel` [rows, columns, channels / groups, filters], `bias` [filters]. Keras
 * `Conv2D`, PyTorch `Conv2d`.
 *
 * LeCun et al. (1989), Backpropagation applied to handwritten zip code recognition.
 *
 * @param filters the number of output channels
 * @param kernelSize one number for both directions, or [rows, columns]
 */
export function conv2d(
  filters: number,
  kernelSize: Pair,
  options: Conv2dOptions = {},
): Layer<Tensor> {
  const {
    useBias,
    kernelInit,
    biasInit,
    paddingMode = "zeros",
    ...how
  } = known(
    "conv2d",
    noActivation("conv2d", options),
    "useBias kernelInit biasInit paddingMode strides padding dilation groups",
  );
  const { groups = 1 } = how;
  checkFilters("conv2d", filters, groups);
  const size = pairOf("conv2d", "kernelSize", kernelSize);
  checkPaddingMode("conv2d", "paddingMode", paddingMode);
  // The operation's own checks of strides, padding and dilation, on an image that is large enough
  // for all.
  convolve(largeImage(groups), placeholder("kernel", { shape: [...size, 1, groups] }), how);
  return convolution({
    type: "conv2d",
    args: [filters, kernelSize, options],
    weights: weightsOf("conv2d", { useBias, kernelInit, biasInit }),
    groups,
    check: (input) => checkImage("conv2d", input),
    kernel: (channels) => [...size, channels / groups, filters],
    apply(x, kernel) {
      const [image, options] = withEdges("conv2d", x, kernel, paddingMode, how);
      return convolve(image, kernel, options);
    },
  });
}
