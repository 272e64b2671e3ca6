import type { Layer } from "@tenon/contracts";
import { badArgument, known, oneOf } from "@tenon/guards";
import { concat, flip, type Tensor } from "@tenon/tensor";
import { checkLayer, guarded, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { planOf, planPart, through } from "./internal/parts.js";

export interface BidirectionalOptions {
  /**
   * How both outputs become one: next to each other, or their sum, product or mean.
   * @defaultValue "concat"
   */
  readonly merge?: "concat" | "sum" | "mul" | "ave";
}

/**
 * A layer on a sequence from both ends: y = [F(x), reversed G(reversed x)], where F and G are that
 * layer, each with parameters of its own.
 *
 * The sequence [steps, …] may become another one, as of `lstm(units, { returnSequences: true })`,
 * or the output of its last step. The parts are called `"forward"` and `"backward"`. Keras:
 * `Bidirectional`; PyTorch: `bidirectional=True`, whose parameters end in `_reverse`.
 *
 * Schuster & Paliwal (1997), Bidirectional recurrent neural networks. doi:10.1109/78.650093
 *
 * @param layer such as `lstm`, `gru` or `rnn`
 */
export function bidirectional(
  layer: Layer<Tensor>,
  options: BidirectionalOptions = {},
): Layer<Tensor> {
  const { merge = "concat" } = known("bidirectional", options, "merge");
  checkLayer("bidirectional", layer);
  oneOf("bidirectional", "merge", merge, ["concat", "sum", "mul", "ave"]);
  return guarded({
    type: "bidirectional",
    plan(input) {
      if (input.length < 2)
        throw badArgument("bidirectional", "a sequence [steps, …]", show(input));
      const parts = [planPart("forward", layer, input), planPart("backward", layer, input)];
      const shape = parts[0]!.plan.output;
      const last = shape.length - 1;
      const output = merge === "concat" ? shape.map((n, i) => (i === last ? 2 * n : n)) : shape;
      return planOf(output, parts);
    },
    forward(x, pass) {
      const ahead = through("forward", layer, x, pass);
      const back = through("backward", layer, flip(x, 1), pass);
      // A sequence has as many axes as the input had.
      const aligned = back.shape.length === x.shape.length ? flip(back, 1) : back;
      if (merge === "concat") return concat([ahead, aligned], -1);
      if (merge === "mul") return ahead.mul(aligned);
      return merge === "sum" ? ahead.add(aligned) : ahead.add(aligned).mul(0.5);
    },
    toJSON: () => describe("bidirectional", layer, options),
  });
}
