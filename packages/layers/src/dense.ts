import type { Layer, ParamSpec } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkCount, guarded, param, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import {
  noActivation,
  biased,
  weightParams,
  weightsOf,
  type WeightOptions,
} from "./internal/weights.js";

export type DenseOptions = WeightOptions;

/**
 * Every output is a weighted sum of every input, plus a bias: y = x W + b.
 *
 * Works on the last axis: `[…, inputs]` becomes `[…, units]`. Parameters: `kernel` [inputs, units],
 * `bias` [units]. Keras `Dense`, PyTorch `Linear`.
 *
 * @param units the number of outputs
 */
export function dense(units: number, options: DenseOptions = {}): Layer<Tensor> {
  known("dense", noActivation("dense", options), "useBias kernelInit biasInit");
  if (units === 0)
    throw badArgument(
      "dense",
      "units as an integer ≥ 1",
      0,
      "a table's target of numbers has no classes; columnsOf's categories makes it labels",
    );
  checkCount("dense", "units", units);
  const weights = weightsOf("dense", options);
  return guarded({
    type: "dense",
    plan(input) {
      const inputs = input[input.length - 1];
      if (inputs === undefined)
        throw badArgument("dense", "at least one axis of inputs, [inputs]", show(input));
      const kernel: ParamSpec = { shape: [inputs, units], init: weights.kernelInit };
      return {
        output: [...input.slice(0, -1), units],
        params: weightParams(kernel, units, weights),
        stats: {},
      };
    },
    forward: (x, pass) => biased("dense", x.matmul(param("dense", pass, "kernel")), pass, weights),
    toJSON: () => describe("dense", units, options),
  });
}
