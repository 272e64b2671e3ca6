import type { Tensor } from "../tensor.js";
import { topological } from "../topological.js";
import { dependents } from "./closed.js";
import { makeNode } from "./makeNode.js";

/**
 * The same values, in which those factors of a product that do not depend on the placeholders are
 * multiplied first: (g · a) · b becomes g · (a · b), so that one value, a · b, is kept for it.
 */
export function factorsFirst(values: readonly Tensor[], placeholders: readonly Tensor[]): Tensor[] {
  const inside = new Set(dependents(values, placeholders));
  /** The factors of a product of which one depends on the placeholders, that one first. */
  const factorsOf = (name: string, [a, b]: readonly Tensor[]): readonly Tensor[] => {
    if (name !== "mul" || inside.has(a!) === inside.has(b!)) return [];
    return inside.has(a!) ? [a!, b!] : [b!, a!];
  };
  const copies = new Map<Tensor, Tensor>();
  for (const node of topological(values)) {
    const { op, shape, dtype, attrs } = node;
    const inputs = node.inputs.map((x) => copies.get(x)!);
    const [product, b] = factorsOf(op.name, inputs);
    const [g, a] = product ? factorsOf(product.op.name, product.inputs) : [];
    const isSame = inputs.every((x, i) => x === node.inputs[i]);
    const copy = g ? g.mul(a!.mul(b!)) : isSame ? node : makeNode(op, inputs, shape, dtype, attrs);
    if (inside.has(node)) inside.add(copy);
    copies.set(node, copy);
  }
  return values.map((x) => copies.get(x)!);
}
