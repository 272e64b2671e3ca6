import { access, type Access } from "./access.js";
import type { Node } from "./node.js";
import { isLeaf } from "./opTraits.js";

/** All nodes that these are computed from, and they, inputs first. */
export function reachable(outputs: readonly Node[]): Node[] {
  const visited = new Set<Node>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const x = stack.pop()!;
    if (visited.has(x)) continue;
    visited.add(x);
    stack.push(...x.inputs);
  }
  return [...visited].sort((a, b) => a.id - b.id);
}

/** All accesses to memory of the expression that computes a stored node. */
export function loads(x: Node, isStored: (x: Node) => boolean): Access[] {
  const accesses: Access[] = [];
  const visited = new Set<Node>();
  const visit = (node: Node): void => {
    for (const input of node.inputs) {
      const from = access(input);
      if (from.base.op === "fill") continue;
      if (isLeaf(from.base.op) || isStored(from.base)) accesses.push(from);
      else if (!visited.has(from.base)) {
        visited.add(from.base);
        visit(from.base);
      }
    }
  };
  visit(x);
  return accesses;
}
