import type { Node } from "../graph/node.js";

/**
 * Work that becomes one kernel (or a few in a row): a fused loop, a reduction of a fused
 * expression, an operation with a kernel of its own, or such an operation together with the loop
 * that reads its result.
 */
export interface Unit {
  readonly kind: "loop" | "reduction" | "operation" | "epilogue";
  /** The nodes it computes; a loop may compute several of one shape. */
  results: Node[];
  /** Those of them that other units or the caller read. */
  stores: readonly Node[];
  /** The nodes that it reads and does not compute itself: the base of each view. */
  reads: Set<Node>;
  /** Of an epilogue: the operation whose result its loop reads as it is computed. */
  readonly producer?: Node;
}

/** Which nodes get a buffer; all other elementwise ones are computed wherever they are read. */
export interface Fusion {
  readonly units: Unit[];
  isStored(x: Node): boolean;
}

/**
 * The loops that are the only readers of an operation whose kernel can compute them, each with that
 * operation. Nodes that a kernel computes together (`grouped`) have none.
 */
export type Epilogues = (
  roots: readonly Node[],
  outputs: readonly Node[],
  isStored: (x: Node) => boolean,
  grouped: ReadonlySet<Node>,
) => ReadonlyMap<Node, Node>;

/** Puts loops behind the operations whose results they alone read. */
export type LoopsBehind = (
  units: readonly Unit[],
  outputs: readonly Node[],
  isStored: (x: Node) => boolean,
) => Unit[];

/** Whether dependencies lead from one unit to another. */
export function reaches(
  from: Unit,
  to: Unit,
  dependencies: (unit: Unit) => Iterable<Unit>,
): boolean {
  const visited = new Set<Unit>();
  const stack = [from];
  while (stack.length > 0) {
    const unit = stack.pop()!;
    if (unit === to) return true;
    if (visited.has(unit)) continue;
    visited.add(unit);
    stack.push(...dependencies(unit));
  }
  return false;
}
