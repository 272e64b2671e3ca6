import { isScalar, type Node } from "./graph.js";

/** A stage while it is planned. */
export interface PlannedStage {
  readonly index: number;
  /** The stage that computes a node. */
  stageOf(node: Node): number;
  /**
   * The nodes whose values leave a loop of this stage, with the arrays that they are stored in:
   * none for sums, and for what a later stage gathers from a buffer.
   */
  readonly roots: ReadonlyMap<Node, readonly number[]>;
}

/**
 * Whether a loop of this stage adds up a sum; a sum of an earlier stage is read from its buffer.
 */
export function isSummed(node: Node, { index, roots, stageOf }: PlannedStage): boolean {
  return node.op.name === "sum" && roots.has(node) && stageOf(node) === index;
}

/** The nodes that a loop must have as arrays or registers to compute a node. */
export function loopInputs(node: Node, stage: PlannedStage): readonly Node[] {
  const { name } = node.op;
  if (name === "array" || name === "expand" || name === "whole") return [];
  if (name === "sum") return isSummed(node, stage) ? node.inputs : [];
  return node.inputs.filter((input) => !isScalar(input));
}

/** Whether a node's value is in a buffer (or a scalar) when it is complete, without a copy. */
export const isBuffered = ({ op }: Node): boolean => op.name === "sum" || op.name === "whole";
