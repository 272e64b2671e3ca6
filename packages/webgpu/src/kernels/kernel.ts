import type { DType } from "@tenon/contracts";
import type { PlannedKernel } from "@tenon/plan";
import type { IndexUse } from "@tenon/tensor";

/** Invocations of a workgroup: what every adapter has. */
export const invocations = 256;

/** The most words that a kernel has in `cells` for each invocation. */
export const mostCells = 3;

/** An operand of a kernel as its code reads and writes it: WGSL expressions and statements. */
export interface Operand {
  /** The value of an element. @param index an expression of type u32 */
  load(index: string): string;
  /** The statement that replaces an element. @param value an expression of the operand's type */
  store(index: string, value: string): string;
}

/** A kernel's work as results of its first operand, for kernels that run in a row. */
export interface Span {
  readonly results: number;
  /**
   * Which operands are used row by row: where results and operands are cut into equally many rows,
   * the results of a row use only that row of the operand.
   *
   * @param elements of each operand
   */
  areAligned(rows: number, elements: readonly number[]): readonly boolean[];
  /** The statements for results [begin, end), both u32, by all invocations of a workgroup. */
  body(operands: readonly Operand[], begin: string, end: string): string;
}

/**
 * Work of one dispatch, as code: the body of a WGSL function of `g`, the number of a workgroup, and
 * `t`, the number of an invocation in it (both u32). Kernels of one dispatch run at the same time.
 */
export interface Kernel extends PlannedKernel {
  /** What it does and for which shapes, for people. */
  readonly name: string;
  /** How the elements of each operand are read: results first. */
  readonly operands: readonly DType[];
  /** How many workgroups it is. */
  readonly workgroups: number;
  /** How many vec4f of the workgroup's memory it uses (`tiles`). @defaultValue 0 */
  readonly tiles?: number;
  /** How many words of each invocation are in the workgroup's memory (`cells`). @defaultValue 0 */
  readonly cells?: number;
  /**
   * Set if it fails where an index is not below n: it then writes an error to the status, which
   * ends the program's steps.
   */
  readonly mayFail?: { readonly n: number; readonly use: IndexUse };
  /**
   * The operand to which it only ever writes zeros, as checks do: kernels that do so may run at the
   * same time.
   */
  readonly clears?: number;
  /** Set if a workgroup can compute any range of its results. */
  readonly span?: Span;
  /** Functions that the body calls, whose names begin with a prefix. */
  functions?(operands: readonly Operand[], prefix: string): string;
  body(operands: readonly Operand[], prefix: string): string;
}
