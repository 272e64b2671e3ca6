import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";
import { copied } from "./eachElement.js";
import { makeNode } from "./makeNode.js";

/**
 * The value of a formula, with a gradient that is written down and not derived from it: where what
 * would be derived overflows, or is a difference of values that are nearly equal.
 *
 * For engines it is a `detach` of its first input. The gradient, of the first of `operands`, is
 * made of these and of the upstream gradient, so that it has gradients too; it must use no other
 * tensor, since in a scan the operands are replaced.
 */
export function withGradient<T extends readonly [Tensor, ...Tensor[]]>(
  value: Tensor,
  operands: T,
  gradientOf: (g: Tensor, ...operands: T) => Tensor,
): Tensor {
  const op: Op = {
    name: "detach",
    gradient: ({ inputs: [, ...given] }, g) => [
      undefined,
      gradientOf(g, ...(given as readonly Tensor[] as T)),
    ],
    evaluate: copied,
  };
  return makeNode(op, [value, ...operands], value.shape, value.dtype);
}
