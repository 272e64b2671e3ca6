import type { ArraySpec, DType } from "@tenon/contracts";
import { stridesOf } from "@tenon/tensor";
import type { BinaryOp, ComparisonOp, UnaryOp } from "./graph/opTraits.js";

export type { BinaryOp, ComparisonOp, UnaryOp };

/** One value of a loop's body. Arguments are positions in the list; `dtype` is the result's. */
export type BodyNode =
  | { readonly op: "load"; readonly input: number; readonly dtype: DType }
  | { readonly op: "constant"; readonly value: number; readonly dtype: DType }
  | {
      readonly op: UnaryOp | BinaryOp | "where";
      readonly args: readonly number[];
      readonly dtype: DType;
    };

/** How an input is read: element (i, j, …) is at `offset + i·strides[0] + j·strides[1] + …`. */
export interface LoopInput {
  readonly strides: readonly number[];
  readonly offset: number;
}

/** An expression computed for every element of a shape. */
export interface Loop {
  readonly shape: readonly number[];
  readonly inputs: readonly LoopInput[];
  readonly body: readonly BodyNode[];
  /** Positions in the body of the values that are written (contiguous, row-major) or reduced. */
  readonly outputs: readonly number[];
  /**
   * Positions in the body of values that are checked: 0 is written to two int32 in the last
   * operand, to the first if a value is not finite, to the second if one is not `calm`.
   */
  readonly checks?: readonly number[];
}

/** Magnitudes up to this are calm: products and quotients of a few such values are finite. */
export const calm: number = 2 ** 24;

/** A loop that copies an array. */
export const copyLoop = ({ shape, dtype }: ArraySpec & { readonly dtype: DType }): Loop => ({
  shape,
  inputs: [{ strides: stridesOf(shape), offset: 0 }],
  body: [{ op: "load", input: 0, dtype }],
  outputs: [0],
});
