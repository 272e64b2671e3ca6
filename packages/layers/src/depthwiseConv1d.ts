import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { conv2d as convolve, type Tensor } from "@tenon/tensor";
import { checkCount } from "./internal/check.js";
import { convolution } from "./internal/convolution.js";
import { alongRow, checkSequence, onRow, type RowOptions } from "./internal/sequence.js";
import { noActivation, weightsOf, type WeightOptions } from "./internal/weights.js";

/** `strides` and `dilation` are 1, `padding` is "valid" unless they are given. */
export interface DepthwiseConv1dOptions extends RowOptions, WeightOptions {
  /** How many outputs each channel has. @defaultValue 1 */
  readonly depthMultiplier?: number;
}

/**
 * A convolution of each channel by itself along a sequence: y[i, c·m + q] = b[c·m + q] + Σ x[i·s +
 * k·d − p, c] · w[k, c, q].
 *
 * `[length, channels]` becomes `[length′, channels · m]` with the multiplier m. Parameters:
 * `kernel` [kernelSize, channels, m], `bias` [channels · m]. Keras `DepthwiseConv1D`, PyTorch
 * `Conv1d` with as many groups as channels.
 *
 * @param kernelSize over how many neighbours
 */
export function depthwiseConv1d(
  kernelSize: number,
  options: DepthwiseConv1dOptions = {},
): Layer<Tensor> {
  const name = "depthwiseConv1d";
  const {
    useBias,
    kernelInit,
    biasInit,
    depthMultiplier = 1,
    ...row
  } = known(
    name,
    noActivation(name, options),
    "useBias kernelInit biasInit depthMultiplier strides padding dilation",
  );
  checkCount(name, "kernelSize", kernelSize);
  checkCount(name, "depthMultiplier", depthMultiplier);
  const how = alongRow(name, row);
  return convolution({
    type: name,
    args: [kernelSize, options],
    weights: weightsOf(name, { useBias, kernelInit, biasInit }),
    check: (input) => checkSequence(name, input),
    kernel: (channels) => [kernelSize, channels, depthMultiplier],
    apply(x, kernel) {
      const groups = x.shape[2]!;
      const oneInput = kernel.reshape([1, kernelSize, 1, groups * depthMultiplier]);
      return onRow(name, x, (row) => convolve(row, oneInput, { ...how, groups }));
    },
  });
}
