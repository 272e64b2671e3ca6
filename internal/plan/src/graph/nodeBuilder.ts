import type { DType, Shape } from "@tenon/contracts";
import { sameShape } from "@tenon/tensor";
import { access, isContiguous } from "./access.js";
import type { FillAttrs, Node } from "./node.js";

/** Creates the nodes of one graph; equal ones are created once. */
export interface NodeBuilder {
  /** The node of this description. `unique`: a new one even if there is an equal one. */
  node(
    op: string,
    inputs: readonly Node[],
    shape: Shape,
    dtype: DType,
    attrs?: unknown,
    unique?: boolean,
  ): Node;
  /** One scalar everywhere. */
  fill(shape: Shape, dtype: DType, value: number): Node;
  /** Contiguous values in another shape. */
  view(x: Node, shape: Shape): Node;
  /** The same values in a buffer of their own. */
  copied(x: Node): Node;
  /** The same values, contiguous: a copy unless they are already. */
  stored(x: Node): Node;
}

export function nodeBuilder(): NodeBuilder {
  const nodes = new Map<string, Node>();
  let count = 0;

  const create = (key: string | undefined, description: Omit<Node, "id">): Node => {
    const existing = key === undefined ? undefined : nodes.get(key);
    if (existing) return existing;
    const created: Node = { id: count++, ...description };
    if (key !== undefined) nodes.set(key, created);
    return created;
  };
  const node: NodeBuilder["node"] = (op, inputs, shape, dtype, attrs, unique = false) => {
    const ids = inputs.map((x) => x.id).join();
    const key = `${op} ${dtype} ${shape.join()} ${ids} ${attributesKey(attrs)}`;
    return create(unique ? undefined : key, { op, inputs, shape, dtype, attrs });
  };
  const copied = (x: Node): Node => node("copy", [x], x.shape, x.dtype);
  return {
    node,
    copied,
    fill(shape, dtype, value) {
      const attrs: FillAttrs = { value };
      const key = `fill ${dtype} ${shape.join()} ${attributesKey(value)}`;
      return create(key, { op: "fill", inputs: [], shape, dtype, attrs });
    },
    view: (x, shape) =>
      sameShape(x.shape, shape)
        ? x
        : node("reshape", [x.op === "reshape" ? x.inputs[0]! : x], shape, x.dtype),
    stored(x) {
      const from = access(x);
      return isContiguous(from, x.shape) && from.base.op !== "fill" ? x : copied(x);
    },
  };
}

/** Attributes as text; JSON itself would write −0 as 0, and what is not finite as null. */
function attributesKey(attrs: unknown): string {
  return JSON.stringify(attrs, (_, value: unknown) => {
    if (Object.is(value, -0)) return "-0";
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  });
}
