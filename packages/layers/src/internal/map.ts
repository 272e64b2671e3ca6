import type { Layer, Shape } from "@tenon/contracts";
import { checkShape, checkTensor, type Tensor } from "@tenon/tensor";
import { outputOf } from "./check.js";
import { describe } from "./describe.js";

/** A layer without parameters that treats training and use alike. */
export function map(
  type: string,
  args: readonly unknown[],
  f: (x: Tensor) => Tensor,
  check?: (input: Shape) => void,
): Layer<Tensor> {
  return {
    type,
    plan(input) {
      checkShape(type, input);
      check?.(input);
      return { output: outputOf(input, f), params: {}, stats: {} };
    },
    forward(x) {
      checkTensor(type, x, "a batch that is a tensor");
      return f(x);
    },
    toJSON: () => describe(type, ...args),
  };
}
