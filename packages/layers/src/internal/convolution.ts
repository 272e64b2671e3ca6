import type { Layer, ParamSpec, Shape } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { input as placeholder, type Tensor } from "@tenon/tensor";
import { checkCount, guarded, outputOf, param } from "./check.js";
import { describe } from "./describe.js";
import { biased, weightParams, type Weights } from "./weights.js";

interface Convolution {
  readonly type: string;
  /** The arguments of the call that made it. */
  readonly args: readonly unknown[];
  readonly weights: Weights;
  /** Groups of channels, which must divide their number. @defaultValue 1 */
  readonly groups?: number;
  /** Throws unless an example fits. */
  check(input: Shape): void;
  /** The kernel's shape for a number of channels. */
  kernel(channels: number): Shape;
  apply(x: Tensor, kernel: Tensor): Tensor;
}

/** Throws unless there are filters, in groups of one size. */
export function checkFilters(name: string, filters: number, groups: number): void {
  checkCount(name, "filters", filters);
  checkCount(name, "groups", groups);
  if (filters % groups !== 0)
    throw badArgument(name, `filters divisible by ${groups} groups`, filters);
}

/** A layer of a kernel, applied in some way, and a bias for each output channel. */
export function convolution(how: Convolution): Layer<Tensor> {
  const { type, args, weights, groups = 1 } = how;
  return guarded({
    type,
    plan(input) {
      how.check(input);
      const channels = input[input.length - 1]!;
      if (channels % groups !== 0)
        throw badArgument(type, `channels divisible by ${groups} groups`, channels);
      const kernel: ParamSpec = {
        shape: how.kernel(channels),
        init: weights.kernelInit,
      };
      const output = outputOf(input, (x) => how.apply(x, placeholder("kernel", kernel)));
      return {
        output,
        params: weightParams(kernel, output[output.length - 1]!, weights),
        stats: {},
      };
    },
    forward: (x, pass) => biased(type, how.apply(x, param(type, pass, "kernel")), pass, weights),
    toJSON: () => describe(type, ...args),
  });
}
