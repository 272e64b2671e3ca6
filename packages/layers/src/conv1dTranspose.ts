import type { Layer } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { conv2dTranspose as convolve, type Tensor } from "@tenon/tensor";
import { checkCount } from "./internal/check.js";
import { checkFilters, convolution } from "./internal/convolution.js";
import { alongRow, checkSequence, onRow, type RowOptions } from "./internal/sequence.js";
import { noActivation, weightsOf, type WeightOptions } from "./internal/weights.js";

/** `strides` and `dilation` are 1, `padding` is "valid" unless they are given. */
export interface Conv1dTransposeOptions extends RowOptions, WeightOptions {
  /** Places that are added at the end; less than the strides. @defaultValue 0 */
  readonly outputPadding?: number;
  /** Groups of channels. @defaultValue 1 */
  readonly groups?: number;
}

/**
 * The adjoint of a convolution along a sequence, which makes it longer by its strides:
 * y[i·s + k·d − p, o] += x[i, c] · w[k, o, c], and b[o] once.
 *
 * `[length, channels]` becomes `[length′, filters]`, as `conv2dTranspose` in one direction.
 * Parameters: `kernel` [kernelSize, filters / groups, channels], `bias` [filters]. Keras
 * `Conv1DTranspose`, PyTorch `ConvTranspose1d`.
 *
 * @param filters the number of output channels
 * @param kernelSize over how many places an input is spread
 */
export function conv1dTranspose(
  filters: number,
  kernelSize: number,
  options: Conv1dTransposeOptions = {},
): Layer<Tensor> {
  const name = "conv1dTranspose";
  const {
    useBias,
    kernelInit,
    biasInit,
    outputPadding = 0,
    groups = 1,
    ...row
  } = known(
    name,
    noActivation(name, options),
    "useBias kernelInit biasInit strides padding outputPadding dilation groups",
  );
  checkFilters(name, filters, groups);
  checkCount(name, "kernelSize", kernelSize);
  const along = alongRow(name, row);
  const { strides = 1 } = row;
  if (!Number.isInteger(outputPadding) || outputPadding < 0 || outputPadding >= strides)
    throw badArgument(
      name,
      `outputPadding as an integer from 0 to ${strides - 1}, less than the strides`,
      shown(outputPadding),
    );
  const how = { ...along, groups, ...(outputPadding > 0 && { outputPadding: [0, outputPadding] }) };
  return convolution({
    type: name,
    args: [filters, kernelSize, options],
    weights: weightsOf(name, { useBias, kernelInit, biasInit }),
    groups,
    check: (input) => checkSequence(name, input),
    kernel: (channels) => [kernelSize, filters / groups, channels],
    apply: (x, kernel) =>
      onRow(name, x, (image) => convolve(image, kernel.expandDims(0), how as typeof along)),
  });
}
