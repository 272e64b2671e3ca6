import type { ByPath, Schedule, Shape } from "./values.js";

/**
 * The operations that an update rule may use. Tenon's Tensor and tf.Tensor satisfy it without an
 * adapter.
 */
export interface Arithmetic<T> {
  readonly shape: Shape;
  add(b: T | number): T;
  sub(b: T | number): T;
  mul(b: T | number): T;
  div(b: T | number): T;
  maximum(b: T | number): T;
  minimum(b: T | number): T;
  neg(): T;
  sqrt(): T;
  square(): T;
  abs(): T;
  sign(): T;
  /** The sum over the given axes, all of them if none are given. */
  sum(axes?: number[], keepDims?: boolean): T;

  // Only some rules need the following, and say so where a host lacks it.
  /** The largest value over the given axes, all of them if none are given. */
  max?(axes?: number[], keepDims?: boolean): T;
  pow?(exponent: number): T;
  /** Whether values are equal, as a condition for `where`. NaN equals nothing. */
  equal?(b: T | number): T;
  /** These values where the condition is true, else the others. */
  where?(condition: T, otherwise: T): T;
  /** With exchanged axes, of a matrix. */
  transpose?(): T;
  /** The product of two matrices, as Tenon calls it. */
  matmul?(b: T): T;
  /** The same, as TensorFlow.js calls it. */
  matMul?(b: T): T;
}

/**
 * The step context of a transform: values that depend on the step. They are inputs of the compiled
 * step, never constants in it.
 */
export interface Clock<T> {
  /** The value of a pure function of the step (counted from 0), or of a constant rate. A scalar. */
  value(schedule: Schedule | number): T;
  /** The loss that the gradients are of, a scalar, where there is one: few rules need it. */
  readonly loss?: T;
  /** What random values are a function of, int32 scalars; only traced steps have it. */
  readonly random?: { readonly seed: T; readonly step: T };
}

/**
 * The value that a chain of transforms passes along: gradients that become updates, with the
 * parameters and slots that transforms may read.
 */
export interface Flow<T> {
  readonly updates: ByPath<T>;
  readonly params: ByPath<T>;
  /** By slot (`"scaleByAdam/m"`), then by parameter path. */
  readonly slots: ByPath<ByPath<T>>;
}

/**
 * An array that a transform keeps between steps: its shape, and the initial value of each element,
 * or a copy of its parameter.
 */
export interface SlotSpec {
  readonly shape: Shape;
  readonly start: number | "parameter";
}

/**
 * Rewrites gradients step by step into updates; the last update is *added* to the parameter. All
 * parameters are passed at once: a global norm needs them.
 */
export interface Transform {
  readonly name: string;
  /** The arrays kept between steps: by slot (`"scaleByAdam/m"`), then by parameter path. */
  slots(shapes: ByPath<Shape>): ByPath<ByPath<SlotSpec>>;
  update<T extends Arithmetic<T>>(flow: Flow<T>, clock: Clock<T>): Flow<T>;
}

/**
 * A scalar that is computed from the parameters, or from the layers' outputs for a batch, and added
 * to the loss.
 */
export interface Penalty {
  readonly name: string;
  /** Whether it reads outputs; else none need be given. @defaultValue false */
  readonly readsOutputs?: boolean;
  value<T extends Arithmetic<T>>(params: ByPath<T>, outputs?: ByPath<T>): T;
}
