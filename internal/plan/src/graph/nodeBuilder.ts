import type { DType, Shape } from "@tenon/contracts";
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
  /** The same values in a buffer of their own. */
  copied(x: Node): Node;
  /** The same values, contiguous: a copy unless they are already. */
  stored(x: Node): Node;
}

export function nodeBuilder(): NodeBuilder {
  const nodes = new Map<unknown, Node>();
  let count = 0;
  const numbers = new Map<unknown, number>();
  const numberOf = (x: unknown): number => {
    if (!numbers.has(x)) numbers.set(x, numbers.size);
    return numbers.get(x)!;
  };
  /**
   * Attributes as text, functions and tensors as numbers. JSON itself would write −0 as 0, and what
   * is not finite as null.
   */
  const keyOf = (attrs: unknown): string =>
    JSON.stringify(attrs, (_, value: unknown) => {
      if (Object.is(value, -0)) return "-0";
      if (typeof value === "number" && !Number.isFinite(value)) return String(value);
      return typeof value === "function" || isTensor(value) ? `#${numberOf(value)}` : value;
    });

  const node: NodeBuilder["node"] = (op, inputs, shape, dtype, attrs, unique) => {
    const ids = inputs.map((x) => x.id).join();
    const key = unique ? count : `${op} ${dtype} ${shape.join()} ${ids} ${keyOf(attrs)}`;
    const existing = nodes.get(key);
    if (existing) return existing;
    const created: Node = { id: count++, op, inputs, shape, dtype, attrs };
    nodes.set(key, created);
    return created;
  };
  const copied = (x: Node): Node => node("copy", [x], x.shape, x.dtype);
  return {
    node,
    copied,
    fill: (shape, dtype, value) => node("fill", [], shape, dtype, { value } satisfies FillAttrs),
    stored(x) {
      const from = access(x);
      return isContiguous(from, x.shape) && from.base.op !== "fill" ? x : copied(x);
    },
  };
}

const isTensor = (x: unknown): boolean => typeof x === "object" && x !== null && "inputs" in x;
