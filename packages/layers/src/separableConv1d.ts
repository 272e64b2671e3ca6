import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { conv1d } from "./conv1d.js";
import { depthwiseConv1d } from "./depthwiseConv1d.js";
import { separable, type SeparableOptions } from "./internal/separable.js";
import type { RowOptions } from "./internal/sequence.js";
import { noActivation } from "./internal/weights.js";

/** `strides` and `dilation` are 1, `padding` is "valid" unless they are given. */
export interface SeparableConv1dOptions extends RowOptions, SeparableOptions {}

/**
 * A convolution of each channel by itself along a sequence, then one of all channels at each place.
 *
 * `[length, channels]` becomes `[length′, filters]`. Its parts are `"depthwise"`, a
 * `depthwiseConv1d` without bias, and `"pointwise"`, a `conv1d` of 1. Keras `SeparableConv1D`.
 *
 * @param filters the number of output channels
 * @param kernelSize over how many neighbours
 */
export function separableConv1d(
  filters: number,
  kernelSize: number,
  options: SeparableConv1dOptions = {},
): Layer<Tensor> {
  known(
    "separableConv1d",
    noActivation("separableConv1d", options),
    "depthMultiplier useBias depthwiseInit pointwiseInit biasInit strides padding dilation",
  );
  return separable("separableConv1d", [filters, kernelSize, options], depthwiseConv1d, conv1d);
}
