import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";
import { makeNode } from "./makeNode.js";

/**
 * The value of a formula, with a gradient that is written down and not derived from it: where what
 * would be derived overflows, or is a difference of values that are nearly equal.
 *
 * For engines it is a `detach` of its first input. The gradient is made of `x` and of
 * `gradientOf`'s results, so that it has gradients too.
 */
export function withGradient(value: Tensor, x: Tensor, gradientOf: (g: Tensor) => Tensor): Tensor {
  const op: Op = {
    name: "detach",
    gradient: (_, g) => [undefined, gradientOf(g)],
    evaluate: (_, [computed], out) => out.set(computed!.data),
  };
  return makeNode(op, [value, x], value.shape, value.dtype);
}
