import type { Shape } from "@tenon/contracts";
import { sameShape, type MatmulAttrs, type Tensor } from "@tenon/tensor";
import { access, isContiguous, reshapedStrides } from "./access.js";
import { fillValue, type Node } from "./node.js";
import type { NodeBuilder } from "./nodeBuilder.js";

/** A view if strides can express it, else a view of a contiguous copy. */
export function reshapeNode({ node, fill, copied }: NodeBuilder, x: Node, shape: Shape): Node {
  if (x.op === "fill") return fill(shape, x.dtype, fillValue(x)!);
  if (sameShape(x.shape, shape)) return x;
  const viewable = reshapedStrides(access(x).strides, x.shape, shape) !== undefined;
  return node("reshape", [viewable ? x : copied(x)], shape, x.dtype);
}

/** A matrix product reads a transposed operand where it is, by its own attributes. */
export function matmulNode(
  { node, stored }: NodeBuilder,
  { shape, dtype, attrs }: Tensor,
  inputs: readonly Node[],
): Node {
  const { transposeA, transposeB } = attrs as MatmulAttrs;
  const [a, b] = inputs.map(untransposed) as [Node, Node];
  const folded: MatmulAttrs = {
    transposeA: transposeA !== (a !== inputs[0]),
    transposeB: transposeB !== (b !== inputs[1]),
  };
  return node("matmul", [stored(a), stored(b)], shape, dtype, folded);
}

/** The operand of a transpose of the last two axes; any other value itself. */
function untransposed(x: Node): Node {
  const [source] = x.inputs;
  if (x.op !== "transpose" || !isContiguous(access(source!), source!.shape)) return x;
  const { order } = x.attrs as { order: readonly number[] };
  const last = order.length - 1;
  return order.every((axis, i) => axis === (i < last - 1 ? i : 2 * last - 1 - i)) ? source! : x;
}
