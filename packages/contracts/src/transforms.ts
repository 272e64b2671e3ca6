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
}

/**
 * The step context of a transform: values that depend on the step. They are inputs of the compiled
 * step, never constants in it.
 */
export interface Clock<T> {
  /** The value of a pure function of the step (counted from 0), or of a constant rate. A scalar. */
  value(schedule: Schedule | number): T;
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
 * A scalar that is computed from the parameters and added to the loss.
 */
export interface Penalty {
  readonly name: string;
  value<T extends Arithmetic<T>>(params: ByPath<T>): T;
}
