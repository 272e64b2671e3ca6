import type { Description } from "@tenon/contracts";
import { checkTensor, type Tensor } from "@tenon/tensor";
import type { Activation } from "../activation.js";
import { shaped } from "./shaped.js";

/**
 * Makes a layer of a function of each element. Its output has the shape of its input: nothing is
 * traced to learn that, and no operation of tensors is imported for it.
 *
 * @param toJSON where it has arguments, with which it is made again
 */
export function elementwise(
  type: string,
  f: (x: Tensor) => Tensor,
  toJSON: () => Description = () => ({ type }),
): Activation {
  return {
    ...shaped(type, f, (input) => [...input], toJSON),
    apply(x) {
      checkTensor(type, x);
      return f(x);
    },
  };
}
