import type { Layer } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { checkTensor, type Tensor } from "@tenon/tensor";
import { map } from "./internal/map.js";

/**
 * An elementwise function that is also a layer without parameters, the same in training and
 * inference.
 */
export interface Activation extends Layer<Tensor> {
  /** The function itself, for tensors of any shape: `gelu().apply(x)`. */
  apply(x: Tensor): Tensor;
}

/**
 * Makes a layer of a function of a tensor: `activation("sine", sin)`.
 *
 * @param type the name in paths and in JSON
 * @param args the arguments in JSON, with which it is made again
 */
export function activation(
  type: string,
  apply: (x: Tensor) => Tensor,
  ...args: readonly unknown[]
): Activation {
  if (typeof type !== "string")
    throw badArgument("activation", "a type, which is text", shown(type));
  if (typeof apply !== "function")
    throw badArgument("activation", "a function of a tensor", shown(apply));
  return {
    ...map(type, args, apply),
    apply(x) {
      checkTensor(type, x);
      return apply(x);
    },
  };
}
