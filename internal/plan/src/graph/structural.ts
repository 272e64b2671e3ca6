import type { Shape } from "@tenon/contracts";
import {
  sameShape,
  type ConstantAttrs,
  type MatmulAttrs,
  type ScheduleAttrs,
  type Tensor,
} from "@tenon/tensor";
import { access, isIdentity, reshapedStrides } from "./access.js";
import { fillValue, type Node } from "./node.js";
import type { NodeBuilder } from "./nodeBuilder.js";

/** A constant of one element is a `fill`, any other a leaf of its own. */
export function constantNode({ node, fill }: NodeBuilder, tensor: Tensor): Node {
  const { shape, dtype, attrs } = tensor;
  const { data } = attrs as ConstantAttrs;
  if (data.length !== 1) return node("constant", [], shape, dtype, attrs, true);
  return fill(shape, dtype, dtype === "float32" ? Math.fround(data[0]!) : data[0]!);
}

/** Two schedules are one node only if they are the same function of the same input. */
export function scheduleNodes({
  node,
}: NodeBuilder): (tensor: Tensor, inputs: readonly Node[]) => Node {
  const functions = new Map<unknown, number>();
  return ({ shape, dtype, attrs }, inputs) => {
    const { of } = attrs as ScheduleAttrs;
    if (!functions.has(of)) functions.set(of, functions.size);
    // The number of the function identifies the node; its attributes are the function itself.
    const schedule = node("schedule", inputs, shape, dtype, { function: functions.get(of)! });
    return Object.assign(schedule, { attrs });
  };
}

/** A view if strides can express it, else a view of a contiguous copy. */
export function reshapeNode({ node, fill, copied }: NodeBuilder, x: Node, shape: Shape): Node {
  if (x.op === "fill") return fill(shape, x.dtype, fillValue(x)!);
  if (sameShape(x.shape, shape)) return x;
  const viewable = reshapedStrides(access(x), x.shape, shape) !== undefined;
  return node("reshape", [viewable ? x : copied(x)], shape, x.dtype);
}

/** A matrix product reads a transposed operand where it is, by its own attributes. */
export function matmulNode(
  { node, stored }: NodeBuilder,
  { shape, dtype, attrs }: Tensor,
  inputs: readonly Node[],
): Node {
  const [a, b] = inputs.map(untransposed) as [Untransposed, Untransposed];
  const { transposeA, transposeB } = attrs as MatmulAttrs;
  const folded: MatmulAttrs = {
    transposeA: transposeA !== a.transposed,
    transposeB: transposeB !== b.transposed,
  };
  return node("matmul", [stored(a.x), stored(b.x)], shape, dtype, folded);
}

interface Untransposed {
  readonly x: Node;
  readonly transposed: boolean;
}

/** The operand of a transpose of the last two axes, or the value itself if it is none. */
function untransposed(x: Node): Untransposed {
  if (x.op !== "transpose" || !isIdentity(access(x.inputs[0]!), x.inputs[0]!.shape))
    return { x, transposed: false };
  const { order } = x.attrs as { order: readonly number[] };
  const last = order.length - 1;
  const transposed =
    order[last] === last - 1 &&
    order[last - 1] === last &&
    order.slice(0, -2).every((axis, i) => axis === i);
  return transposed ? { x: x.inputs[0]!, transposed } : { x, transposed };
}
