import { sizeOf, type Tensor } from "@tenon/tensor";
import { fillValue, type Node } from "./node.js";
import type { NodeBuilder } from "./nodeBuilder.js";
import { isElementwise, isView } from "./opTraits.js";

/** The constant that an operation on constant scalars computes; undefined if an input varies. */
export function foldedNode(
  { fill }: NodeBuilder,
  tensor: Tensor,
  inputs: readonly Node[],
): Node | undefined {
  const { op, shape, dtype } = tensor;
  const [x] = inputs;
  if (isView(op.name) && x!.op === "fill") return fill(shape, dtype, fillValue(x)!);
  if (isElementwise(op.name) && inputs.every((input) => input.op === "fill"))
    return fill(shape, dtype, foldedScalar(tensor, inputs));
  if (op.name === "sum" && x!.op === "fill" && sizeOf(x!.shape) > 0)
    return fill(shape, dtype, foldedSum(x!, tensor));
  return undefined;
}

/** The scalar that the reference engine computes for an elementwise operation of scalars. */
function foldedScalar(tensor: Tensor, inputs: readonly Node[]): number {
  const scalars = inputs.map((x) => ({ ...x, shape: [], data: Float64Array.of(fillValue(x)!) }));
  const out = new (tensor.dtype === "int32" ? Int32Array : Float32Array)(1);
  tensor.op.evaluate(tensor, scalars, out);
  return out[0]!;
}

/**
 * Each element of a sum over some axes of one repeated scalar, from 0 on: rounded once (and never
 * −0), or as integers wrap around.
 */
function foldedSum(x: Node, { shape, dtype }: Tensor): number {
  const value = fillValue(x)!;
  const count = sizeOf(x.shape) / sizeOf(shape);
  return dtype === "int32" ? Math.imul(value, count) : Math.fround(value * count) + 0;
}
