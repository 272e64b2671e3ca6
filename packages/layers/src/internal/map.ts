import type { Layer, Shape } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { inLayer, outputOf } from "./check.js";
import { describe } from "./describe.js";
import { shaped } from "./shaped.js";

/** A layer without parameters that treats training and use alike. */
export function map(
  type: string,
  args: readonly unknown[],
  f: (x: Tensor) => Tensor,
  check?: (input: Shape) => void,
): Layer<Tensor> {
  return shaped(
    type,
    (x) => inLayer(type, () => f(x)),
    (input) => {
      check?.(input);
      return outputOf(input, f);
    },
    () => describe(type, ...args),
  );
}
