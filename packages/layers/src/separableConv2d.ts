import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Conv2dOptions as ConvolveOptions, Pair, Tensor } from "@tenon/tensor";
import { conv2d } from "./conv2d.js";
import { depthwiseConv2d } from "./depthwiseConv2d.js";
import { separable, type SeparableOptions } from "./internal/separable.js";
import { noActivation } from "./internal/weights.js";

/** `strides`, `padding` and `dilation` as the tensor operation `conv2d` has them. */
export interface SeparableConv2dOptions extends Omit<ConvolveOptions, "groups">, SeparableOptions {}

/**
 * A convolution of each channel by itself, then one of all channels at each place: a convolution
 * whose kernel is a product, w[k, l, c, o] = Σ d[k, l, c, q] · p[c·m + q, o].
 *
 * `[height, width, channels]` becomes `[height′, width′, filters]`. Its parts are `"depthwise"`,
 * a `depthwiseConv2d` without bias, and `"pointwise"`, a `conv2d` of 1×1. Keras `SeparableConv2D`.
 *
 * Chollet (2017), Xception: deep learning with depthwise separable convolutions. arXiv:1610.02357
 *
 * @param filters the number of output channels
 * @param kernelSize one number for both directions, or [rows, columns]
 */
export function separableConv2d(
  filters: number,
  kernelSize: Pair,
  options: SeparableConv2dOptions = {},
): Layer<Tensor> {
  known(
    "separableConv2d",
    noActivation("separableConv2d", options),
    "depthMultiplier useBias depthwiseInit pointwiseInit biasInit strides padding dilation",
  );
  return separable("separableConv2d", [filters, kernelSize, options], depthwiseConv2d, conv2d);
}
