import type { Description, Layer, Shape } from "@tenon/contracts";
import { checkShape, checkTensor, type Tensor } from "@tenon/tensor";

/** A layer without parameters that treats training and use alike, given the shape of its output. */
export function shaped(
  type: string,
  f: (x: Tensor) => Tensor,
  outputOf: (input: Shape) => Shape,
  toJSON: () => Description,
): Layer<Tensor> {
  return {
    type,
    plan(input) {
      checkShape(type, input);
      return { output: outputOf(input), params: {}, stats: {} };
    },
    forward(x) {
      checkTensor(type, x, "a batch that is a tensor");
      return f(x);
    },
    toJSON,
  };
}
