import type { Layer } from "@tenon/contracts";
import { badArgument, noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkLayer, guarded, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";

/**
 * The same layer at each step of a sequence, such as a convolution of each image of a film:
 * `[steps, …]` becomes `[steps, …′]` where the layer makes `[…′]` of `[…]`.
 *
 * The parameters are the layer's; all steps of a batch count as examples, for a batch norm too.
 * What works on the last axis, as `dense` does, needs none of this. Keras `TimeDistributed`.
 */
export function timeDistributed(layer: Layer<Tensor>): Layer<Tensor> {
  noOptions("timeDistributed", arguments[1]);
  checkLayer("timeDistributed", layer);
  return guarded({
    type: "timeDistributed",
    plan(input) {
      const [steps, ...example] = input;
      if (steps === undefined || example.length === 0)
        throw badArgument("timeDistributed", "a sequence of examples [steps, …]", show(input));
      const plan = layer.plan(example);
      return { ...plan, output: [steps, ...plan.output] };
    },
    forward(x, pass) {
      const [n, steps, ...example] = x.shape as [number, number, ...number[]];
      const y = layer.forward(x.reshape([n * steps, ...example]), pass);
      return y.reshape([n, steps, ...y.shape.slice(1)]);
    },
    toJSON: () => describe("timeDistributed", layer),
  });
}
