import type { DType, Shape } from "@tenon/contracts";

/**
 * One value of the step in the planner's graph: like the tensor it came from, but equal values are
 * one node, constant scalars are folded, and kernels' operands are contiguous. Four operations are
 * added: `fill` (one scalar everywhere, never stored), `copy` (stores a view contiguously), `guard`
 * (the words that kernels write to when values are not finite) and `given` (what a repeated step
 * reads: its state, an entry of a sequence, or what is the same in each repetition).
 */
export interface Node {
  /** In the order of creation: inputs come first. */
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  readonly dtype: DType;
  readonly attrs: unknown;
}

export interface FillAttrs {
  readonly value: number;
}

/** The scalar of a `fill`; undefined for any other node, and for none. */
export const fillValue = (x: Node | undefined): number | undefined =>
  x?.op === "fill" ? (x.attrs as FillAttrs).value : undefined;
