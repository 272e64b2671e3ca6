import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { conv2d as convolve, type Tensor } from "@tenon/tensor";
import { checkCount } from "./internal/check.js";
import { checkFilters, convolution } from "./internal/convolution.js";
import { checkPaddingMode, withEdges, type PaddingMode } from "./internal/paddingMode.js";
import { alongRow, checkSequence, onRow, type Padding1d } from "./internal/sequence.js";
import { noActivation, weightsOf, type WeightOptions } from "./internal/weights.js";

export interface Conv1dOptions extends WeightOptions {
  /** @defaultValue 1 */
  readonly strides?: number;
  /**
   * `"causal"`: all before, so that no output depends on what comes later. @defaultValue "valid"
   */
  readonly padding?: Padding1d | "causal";
  /** Distance between the cells of the kernel. @defaultValue 1 */
  readonly dilation?: number;
  /** Groups of channels: an output depends on the channels of its group only. @defaultValue 1 */
  readonly groups?: number;
  /** What is beyond the ends of the sequence. @defaultValue "zeros" */
  readonly paddingMode?: PaddingMode;
}

/**
 * Slides `filters` small kernels along a sequence: y[i, o] = b[o] + Σ x[i·s + k·d − p, c] ·
 * w[k, c, o].
 *
 * `[length, channels]` becomes `[length′, filters]`. Parameters: `kernel` [kernelSize, channels /
 * groups, filters], `bias` [filters]. Keras `Conv1D`, PyTorch `Conv1d`.
 *
 * Waibel et al. (1989), Phoneme recognition using time-delay neural networks; `"causal"`: van den
 * Oord et al. (2016), WaveNet, section 2.1. arXiv:1609.03499
 *
 * @param filters the number of output channels
 * @param kernelSize over how many neighbours
 */
export function conv1d(
  filters: number,
  kernelSize: number,
  options: Conv1dOptions = {},
): Layer<Tensor> {
  const name = "conv1d";
  const {
    useBias,
    kernelInit,
    biasInit,
    strides = 1,
    padding = "valid",
    dilation = 1,
    groups = 1,
    paddingMode = "zeros",
  } = known(
    name,
    noActivation(name, options),
    "useBias kernelInit biasInit paddingMode strides padding dilation groups",
  );
  checkFilters(name, filters, groups);
  checkCount(name, "kernelSize", kernelSize);
  checkPaddingMode(name, "paddingMode", paddingMode);
  checkCount(name, "dilation", dilation);
  const how = {
    ...alongRow(name, {
      strides,
      dilation,
      padding: padding === "causal" ? [dilation * (kernelSize - 1), 0] : padding,
    }),
    groups,
  };
  return convolution({
    type: name,
    args: [filters, kernelSize, options],
    weights: weightsOf(name, { useBias, kernelInit, biasInit }),
    groups,
    check: (input) => checkSequence(name, input),
    kernel: (channels) => [kernelSize, channels / groups, filters],
    apply: (x, kernel) =>
      onRow(name, x, (row) => {
        const oneRow = kernel.expandDims(0);
        const [image, options] = withEdges(name, row, oneRow, paddingMode, how);
        return convolve(image, oneRow, options);
      }),
  });
}
