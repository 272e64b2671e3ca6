import type { Arithmetic, DType, NDArray, Shape } from "@tenon/contracts";
import type { Op } from "./op.js";
import type { Aggregate } from "./aggregate.js";
import type { IndexUse } from "./internal/indices.js";

/** One axis, several, or (absent) all of them. Negative ones count from the end. */
export type Axes = number | readonly number[];

/**
 * A lazy tensor: a node of a graph. Nothing is computed when it is made: `data()` runs the graph on
 * the reference engine, an engine's `compile` turns it into a program.
 * Immutable; nothing to dispose.
 */
export interface Tensor extends Arithmetic<Tensor> {
  readonly shape: Shape;
  readonly dtype: DType;
  /** The node: the operation, its inputs and its attributes. */
  readonly op: Op;
  readonly inputs: readonly Tensor[];
  readonly attrs: unknown;
  /**
   * Of a loss: how it is combined with those of other batches. @defaultValue weighted by the
   * examples
   */
  readonly aggregate?: Aggregate;

  /** The elements, row-major: a copy. Runs the graph on the reference engine the first time. */
  data(): Float32Array | Int32Array;
  /** The element of a tensor of size 1. Throws if the size is not 1. */
  item(): number;
  /** Shape, dtype and elements together. */
  value(): NDArray;

  // Elementwise, of two: shapes broadcast as in NumPy. The gradient of a tie in maximum or minimum
  // is divided equally.
  add(b: Tensor | number): Tensor;
  sub(b: Tensor | number): Tensor;
  mul(b: Tensor | number): Tensor;
  /** True division: float32 also of integers. */
  div(b: Tensor | number): Tensor;
  /** thisᵇ; float32 also of integers. */
  pow(b: Tensor | number): Tensor;
  maximum(b: Tensor | number): Tensor;
  minimum(b: Tensor | number): Tensor;
  /** What is left of a division, this − b ⌊this / b⌋; it has the sign of the divisor. */
  remainder(b: Tensor | number): Tensor;
  // Comparisons give int32 zeros and ones.
  equal(b: Tensor | number): Tensor;
  notEqual(b: Tensor | number): Tensor;
  less(b: Tensor | number): Tensor;
  lessEqual(b: Tensor | number): Tensor;
  greater(b: Tensor | number): Tensor;
  greaterEqual(b: Tensor | number): Tensor;
  /** These elements where the condition is not zero, else the others. */
  where(condition: Tensor, otherwise: Tensor | number): Tensor;

  // Elementwise, of one.
  neg(): Tensor;
  abs(): Tensor;
  sign(): Tensor;
  square(): Tensor;
  sqrt(): Tensor;
  reciprocal(): Tensor;
  exp(): Tensor;
  /** eˣ − 1, exact near zero. */
  expm1(): Tensor;
  log(): Tensor;
  /** log(1 + x), exact near zero. */
  log1p(): Tensor;
  tanh(): Tensor;
  /** 1 / (1 + e⁻ˣ) */
  sigmoid(): Tensor;
  /** To the nearest integer, halves to the even one. */
  round(): Tensor;
  /** max(x, 0); its gradient at 0 is 0. */
  relu(): Tensor;
  /** Held between two bounds; the gradient at and beyond them is 0. */
  clamp(low: number, high: number): Tensor;
  /** float32 to int32 truncates towards zero. */
  cast(dtype: DType): Tensor;
  /** The same values, through which no gradient flows. */
  detach(): Tensor;

  // Reductions over some axes or all. The gradient of a tie in max or min is divided equally.
  sum(axes?: Axes, keepDims?: boolean): Tensor;
  mean(axes?: Axes, keepDims?: boolean): Tensor;
  max(axes?: Axes, keepDims?: boolean): Tensor;
  min(axes?: Axes, keepDims?: boolean): Tensor;
  /** eˣ / Σ eˣ along an axis. @defaultValue axis −1 */
  softmax(axis?: number): Tensor;
  /** x − log Σ eˣ along an axis. @defaultValue axis −1 */
  logSoftmax(axis?: number): Tensor;

  /** Matrix product of the last two axes; the axes before them broadcast. */
  matmul(b: Tensor): Tensor;

  // Views of the same elements. One size in `reshape` may be −1: it is computed.
  reshape(shape: Shape): Tensor;
  /** Axes in a new order. @defaultValue reversed */
  transpose(order?: readonly number[]): Tensor;
  broadcastTo(shape: Shape): Tensor;
  /** A new axis of size 1. */
  expandDims(axis: number): Tensor;
  /** Without axes of size 1: the given ones, or all. */
  squeeze(axes?: Axes): Tensor;
  /**
   * Rows picked by their index along an axis: `shape[..axis] + indices.shape + shape[axis+1..]`.
   * @defaultValue axis 0
   */
  gather(indices: Tensor, axis?: number, use?: IndexUse): Tensor;
  /**
   * One element for each index, along an axis; `indices` has this tensor's shape but for that axis.
   */
  takeAlong(indices: Tensor, axis: number, use?: IndexUse): Tensor;
}
