import type { Shape } from "@tenon/contracts";
import { match, type Match } from "./fuse.js";
import { isScalar, type Node } from "./graph.js";
import type { Instruction } from "./loop.js";
import { isBuffered, isSummed, loopInputs, type PlannedStage } from "./stage.js";

/** The plan's indices of what instructions refer to; arrays and buffers as ~index. */
export interface Addresses {
  scalar(node: Node): number;
  array(index: number): number;
  buffer(node: Node): number;
  indices(source: Shape, to: Shape): number;
}

/** A node's value, wherever it will be, or an address. */
export type Place = Node | number;

/** An instruction before nodes have registers. */
export interface Draft extends Omit<Instruction, "out" | "operands"> {
  readonly out: Place;
  readonly operands: readonly Place[];
}

/** The address where a node's value is before the loop, or 0 if the loop has to compute it. */
export function addressOf(node: Node, addresses: Addresses): number {
  if (node.op.name === "array") return addresses.array(node.op.index);
  return isBuffered(node) ? addresses.buffer(node) : 0;
}

/** The instructions that compute some nodes, which are in the order of the graph. */
export function select(nodes: readonly Node[], stage: PlannedStage, addresses: Addresses): Draft[] {
  const uses = new Map<Node, number>();
  for (const node of nodes)
    for (const input of loopInputs(node, stage)) uses.set(input, (uses.get(input) ?? 0) + 1);
  const usedOnce = (node: Node): boolean => uses.get(node) === 1 && !stage.roots.has(node);

  // Backwards, so that an instruction is chosen before the inputs that it may fuse.
  const drafts: Draft[] = [];
  const fused = new Set<Node>();
  for (const node of [...nodes].reverse()) {
    if (fused.has(node)) continue;
    if (isSummed(node, stage)) {
      drafts.push(summing(node, addresses));
      continue;
    }
    // A root that is neither summed nor stored: a later stage gathers it from a buffer.
    if (stage.roots.get(node)?.length === 0) drafts.push(copying(node, addresses.buffer(node)));
    if (addressOf(node, addresses) !== 0) continue;
    if (node.op.name === "expand") drafts.push(gathering(node, addresses));
    else {
      const found = match(node, usedOnce);
      for (const part of found.fused) fused.add(part);
      drafts.push(computing(node, found, addresses));
    }
  }
  return drafts.reverse();
}

export function copying(source: Node, out: Place): Draft {
  return { name: "copy", out, operands: [source], scalars: [] };
}

function computing(out: Node, { name, operands, scalars }: Match, addresses: Addresses): Draft {
  const indices = scalars.map((k) => (typeof k === "number" ? k : addresses.scalar(k)));
  return { name, out, operands, scalars: indices };
}

function gathering(node: Node, addresses: Addresses): Draft {
  const source = node.inputs[0]!;
  const indices = addresses.indices(source.shape, node.shape);
  const indexed = { array: ~addresses.buffer(source), indices };
  return { name: "gather", out: node, operands: [], scalars: [], indexed };
}

function summing(node: Node, addresses: Addresses): Draft {
  const x = node.inputs[0]!;
  if (isScalar(node))
    return { name: "sum", out: addresses.scalar(node), operands: [x], scalars: [] };
  const out = addresses.buffer(node);
  const { keptShape } = node.op as { readonly keptShape: Shape };
  const indexed = { array: ~out, indices: addresses.indices(keptShape, x.shape) };
  return { name: "scatterAdd", out, operands: [x], scalars: [], indexed };
}
