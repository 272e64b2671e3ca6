import type { Init, Layer, ParamSpec } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { glorotUniform, zeros } from "@tenon/init";
import type { Tensor } from "@tenon/tensor";
import { checkCount, checkFlags, checkInits, guarded, param, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";

export interface DenseOptions {
  /** @defaultValue true */
  readonly useBias?: boolean;
  /** Initial values of the weights. @defaultValue glorotUniform() */
  readonly kernelInit?: Init;
  /** Initial values of the bias. @defaultValue zeros() */
  readonly biasInit?: Init;
}

/**
 * Every output is a weighted sum of every input, plus a bias: y = x W + b.
 *
 * Works on the last axis: `[…, inputs]` becomes `[…, units]`. Parameters: `kernel` [inputs, units],
 * `bias` [units].
 *
 * @param units the number of outputs
 */
export function dense(units: number, options: DenseOptions = {}): Layer<Tensor> {
  const {
    useBias = true,
    kernelInit = glorotUniform(),
    biasInit = zeros(),
  } = known("dense", options, "useBias kernelInit biasInit");
  checkCount("dense", "units", units);
  checkFlags("dense", { useBias });
  checkInits("dense", { kernelInit, biasInit });
  return guarded({
    type: "dense",
    plan(input) {
      const inputs = input[input.length - 1];
      if (inputs === undefined)
        throw badArgument("dense", "at least one axis of inputs, [inputs]", show(input));
      const kernel: ParamSpec = { shape: [inputs, units], init: kernelInit };
      return {
        output: [...input.slice(0, -1), units],
        params: useBias ? { kernel, bias: { shape: [units], init: biasInit } } : { kernel },
        stats: {},
      };
    },
    forward(x, pass) {
      const y = x.matmul(param("dense", pass, "kernel"));
      return useBias ? y.add(param("dense", pass, "bias")) : y;
    },
    toJSON: () => describe("dense", units, options),
  });
}
