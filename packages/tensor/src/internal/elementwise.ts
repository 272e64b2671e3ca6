import type { DType, Elements } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Op } from "../op.js";
import { cast } from "../ops/cast.js";
import { tensor } from "../ops/leaf.js";
import { broadcastShapes, sameShape } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { eachElement } from "./eachElement.js";
import { checkTensor } from "./guards.js";
import { makeNode } from "./makeNode.js";

/** What a gradient may be made of: the input(s), the output and its gradient. */
interface One {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly g: Tensor;
}
interface Two {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly y: Tensor;
  readonly g: Tensor;
}

/**
 * An elementwise operation of one operand. Integers become float32 first, unless `ofInteger`
 * computes them.
 */
/* @__NO_SIDE_EFFECTS__ */ export function unary(
  name: string,
  f: (x: number) => number,
  grad?: (args: One) => Tensor,
  ofInteger?: (x: number) => number,
): (x: Tensor) => Tensor {
  const op: Op = {
    name,
    gradient: (y, g) => [grad?.({ x: y.inputs[0]!, y, g })],
    evaluate: ({ dtype }, inputs, out) =>
      eachElement(inputs, out, (dtype === "int32" && ofInteger) || f),
  };
  return (x, ...others: readonly unknown[]) => {
    noOptions(name, others[0]);
    checkTensor(name, x);
    const from = ofInteger ? x : cast(x, "float32");
    return makeNode(op, [from], from.shape, from.dtype);
  };
}

/**
 * A function of one tensor that is made of other operations: its guard, whose message would name
 * those.
 */
export function composed(name: string, f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x, ...others: readonly unknown[]) => {
    noOptions(name, others[0]);
    checkTensor(name, x);
    return f(x);
  };
}

/** Integers stay integers; always float32; int32 zeros and ones. */
type Kind = "arithmetic" | "float" | "comparison";

/** An elementwise operation of two operands of one shape; others are broadcast first. */
/* @__NO_SIDE_EFFECTS__ */ export function binary(
  name: string,
  kind: Kind,
  f: (a: number, b: number) => number,
  grads?: (args: Two) => readonly [Tensor | undefined, Tensor | undefined],
  ofIntegers: (a: number, b: number) => number = f,
): (a: Tensor, b: Tensor | number) => Tensor {
  const op: Op = {
    name,
    gradient: (y, g) => grads?.({ a: y.inputs[0]!, b: y.inputs[1]!, y, g }) ?? [],
    evaluate: ({ dtype }, inputs, out) =>
      eachElement(inputs, out, dtype === "int32" ? ofIntegers : f),
  };
  return (a, other, ...others: readonly unknown[]) => {
    noOptions(name, others[0]);
    checkTensor(name, a);
    if (typeof other !== "number") checkTensor(name, other, "a tensor or a number");
    const b =
      typeof other === "number"
        ? tensor(other, [], a.dtype === "int32" && isInt32(other) ? "int32" : "float32")
        : other;
    const common: DType = kind === "float" || a.dtype !== b.dtype ? "float32" : a.dtype;
    const shape = sameShape(a.shape, b.shape) ? a.shape : broadcastShapes(name, a.shape, b.shape);
    const inputs = [cast(a, common).broadcastTo(shape), cast(b, common).broadcastTo(shape)];
    return makeNode(op, inputs, shape, kind === "comparison" ? "int32" : common);
  };
}

/** Whether a number is an int32. */
export function isInt32(x: number): boolean {
  return (x | 0) === x;
}

/** The value of all elements of a tensor, if its graph shows it. */
export function numberOf(x: Tensor): number | undefined {
  const { op, inputs, attrs } = x;
  if (op.name === "broadcastTo") return numberOf(inputs[0]!);
  const { data } = (attrs ?? {}) as { data?: Elements };
  return op.name === "constant" && data?.length === 1 ? data[0] : undefined;
}
