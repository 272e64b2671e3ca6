import type { Node } from "./graph.js";
import { addressOf, copying, type Addresses, type Draft, type Place } from "./select.js";

/**
 * Adds what writes the arrays of the roots: the instruction that computes a node writes its array,
 * if no later instruction reads what was there before; else a copy at the end does.
 */
export function withStores(
  drafts: readonly Draft[],
  nodes: readonly Node[],
  roots: ReadonlyMap<Node, readonly number[]>,
  addresses: Addresses,
): Draft[] {
  const lastRead = lastReads(drafts, addresses);
  const overwritten = new Set([...roots.values()].flat());
  const direct = new Map<Node, number>();
  const before: Draft[] = [];
  const after: Draft[] = [];
  for (const node of nodes) {
    const arrays = (roots.get(node) ?? []).map(addresses.array);
    const computed = drafts.findIndex(({ out }) => out === node);
    if (arrays.length === 1 && computed >= 0 && (lastRead.get(arrays[0]!) ?? -1) <= computed) {
      direct.set(node, arrays[0]!);
      continue;
    }
    if (arrays.length === 0) continue;
    let source = node;
    if (node.op.name === "array" && overwritten.has(node.op.index)) {
      // Read into a register before another store overwrites it: as a node without an address.
      source = { ...node, op: { name: "expand" } } as Node;
      before.push(copying(node, source));
    }
    for (const array of arrays) after.push(copying(source, array));
  }
  const redirected = (place: Place): Place =>
    typeof place === "number" ? place : (direct.get(place) ?? place);
  const redirectedDrafts = drafts.map((draft) => ({
    ...draft,
    out: redirected(draft.out),
    operands: draft.operands.map(redirected),
  }));
  return [...before, ...redirectedDrafts, ...after];
}

/** The last instruction that reads each address. */
function lastReads(drafts: readonly Draft[], addresses: Addresses): Map<number, number> {
  const lastRead = new Map<number, number>();
  drafts.forEach(({ operands }, i) => {
    for (const place of operands)
      if (typeof place !== "number") lastRead.set(addressOf(place, addresses), i);
  });
  return lastRead;
}
