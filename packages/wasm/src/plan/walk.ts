import { access, type Access } from "./access.js";
import type { Ir } from "./ir.js";
import { isLeaf } from "./kinds.js";

/** Everything the outputs are made of, inputs first. */
export function reachable(outputs: readonly Ir[]): Ir[] {
  const seen = new Set<Ir>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const x = stack.pop()!;
    if (seen.has(x)) continue;
    seen.add(x);
    stack.push(...x.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** Every place in memory that the expression of a stored value reads. */
export function loads(x: Ir, isStored: (x: Ir) => boolean): Access[] {
  const found: Access[] = [];
  const seen = new Set<Ir>();
  const visit = (of: Ir): void => {
    for (const input of of.inputs) {
      const at = access(input);
      if (at.base.op === "fill") continue;
      if (isLeaf(at.base.op) || isStored(at.base)) found.push(at);
      else if (!seen.has(at.base)) {
        seen.add(at.base);
        visit(at.base);
      }
    }
  };
  visit(x);
  return found;
}
