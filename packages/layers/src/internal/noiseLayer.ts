import type { Layer, Pass, Shape } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { guarded } from "./check.js";
import { describe } from "./describe.js";

/**
 * A layer without parameters that does something random while training, and is the identity
 * otherwise or if `isOff`.
 */
export function noiseLayer(
  type: string,
  args: readonly unknown[],
  isOff: boolean,
  apply: (x: Tensor, pass: Pass<Tensor>) => Tensor,
  check?: (input: Shape) => void,
): Layer<Tensor> {
  return guarded({
    type,
    plan(input) {
      check?.(input);
      return { output: input, params: {}, stats: {} };
    },
    forward: (x, pass) => (pass.training && !isOff ? apply(x, pass) : x),
    toJSON: () => describe(type, ...args),
  });
}
