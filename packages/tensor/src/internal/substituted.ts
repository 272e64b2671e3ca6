import type { Tensor } from "../tensor.js";
import { topological } from "../topological.js";
import { makeNode } from "./makeNode.js";

/** The same graph with other tensors in the place of some; what does not depend on these stays. */
export function substituted(
  results: readonly Tensor[],
  replacements: ReadonlyMap<Tensor, Tensor>,
): Tensor[] {
  const copies = new Map(replacements);
  for (const node of topological(results, (x) => replacements.has(x))) {
    const inputs = node.inputs.map((x) => copies.get(x)!);
    const { op, shape, dtype, attrs } = node;
    const isSame = inputs.every((x, i) => x === node.inputs[i]);
    copies.set(node, isSame ? node : makeNode(op, inputs, shape, dtype, attrs));
  }
  return results.map((x) => copies.get(x)!);
}
