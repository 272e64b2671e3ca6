import type { Init, Layer, ParamSpec } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { glorotUniform, zeros } from "@tenon/init";
import {
  conv2d as convolve,
  input as placeholder,
  pairOf,
  type Conv2dOptions as ConvolveOptions,
  type Pair,
  type Tensor,
} from "@tenon/tensor";
import {
  checkCount,
  checkFlags,
  checkImage,
  checkInits,
  guarded,
  largeImage,
  outputOf,
  param,
} from "./internal/check.js";
import { describe } from "./internal/describe.js";

/**
 * `strides`, `padding` ("valid", "same" or zeros on each side), `dilation` and `groups` as the
 * tensor operation has them.
 */
export interface Conv2dOptions extends ConvolveOptions {
  /** @defaultValue true */
  readonly useBias?: boolean;
  /** Initial values of the kernel. @defaultValue glorotUniform() */
  readonly kernelInit?: Init;
  /** Initial values of the bias. @defaultValue zeros() */
  readonly biasInit?: Init;
}

/**
 * Slides `filters` small kernels over an image: y[i, j, o] = b[o] + Σ x[i·s + k·d − p, j·s + l·d −
 * p, c] · w[k, l, c, o].
 *
 * `[height, width, channels]` becomes `[height′, width′, filters]`.
 * Parameters: `kernel` [rows, columns, channels / groups, filters], `bias` [filters].
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
    useBias = true,
    kernelInit = glorotUniform(),
    biasInit = zeros(),
    ...how
  } = known("conv2d", options, "useBias kernelInit biasInit strides padding dilation groups");
  const { groups = 1 } = how;
  checkCount("conv2d", "filters", filters);
  const [rows, columns] = pairOf("conv2d", "kernelSize", kernelSize);
  checkCount("conv2d", "groups", groups);
  if (filters % groups !== 0)
    throw badArgument("conv2d", `filters divisible by ${groups} groups`, filters);
  checkFlags("conv2d", { useBias });
  checkInits("conv2d", { kernelInit, biasInit });
  // The operation's own checks of strides, padding and dilation, on an image that is large enough
  // for all.
  convolve(largeImage(groups), placeholder("kernel", { shape: [rows, columns, 1, groups] }), how);
  return guarded({
    type: "conv2d",
    plan(input) {
      checkImage("conv2d", input);
      const channels = input[2]!;
      if (channels % groups !== 0)
        throw badArgument("conv2d", `channels divisible by ${groups} groups`, channels);
      const kernel: ParamSpec = {
        shape: [rows, columns, channels / groups, filters],
        init: kernelInit,
      };
      return {
        output: outputOf(input, (x) => convolve(x, placeholder("kernel", kernel), how)),
        params: useBias ? { kernel, bias: { shape: [filters], init: biasInit } } : { kernel },
        stats: {},
      };
    },
    forward(x, pass) {
      const y = convolve(x, param("conv2d", pass, "kernel"), how);
      return useBias ? y.add(param("conv2d", pass, "bias")) : y;
    },
    toJSON: () => describe("conv2d", filters, kernelSize, options),
  });
}
