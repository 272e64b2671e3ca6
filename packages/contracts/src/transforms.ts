import type { ByPath, Schedule, Shape } from "./values.js";

/**
 * What a rule may do with a number that has a shape. Tenon's Tensor and tf.Tensor satisfy it as
 * they are.
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
 * What a transform may know of the moment: numbers that depend on the step. They are inputs of the
 * compiled step, never baked into it.
 */
export interface Clock<T> {
  /** The value of a pure function of the step (counted from 0), or of a constant rate. A scalar. */
  value(of: Schedule | number): T;
}

/**
 * What flows through a chain of transforms: gradients on their way to becoming updates, and what
 * they may look at.
 */
export interface Flow<T> {
  readonly updates: ByPath<T>;
  readonly params: ByPath<T>;
  /** By slot (`"scaleByAdam/m"`), then by parameter path. */
  readonly slots: ByPath<ByPath<T>>;
}

/**
 * A number array that a transform remembers between steps: its shape, and the number it is filled
 * with at the start, or a copy of its parameter.
 */
export interface SlotSpec {
  readonly shape: Shape;
  readonly start: number | "parameter";
}

/**
 * Rewrites gradients on their way to becoming updates; the last update is *added* to the parameter.
 * All parameters arrive at once: a global norm needs them.
 */
export interface Transform {
  readonly name: string;
  /** What it must remember: by slot (`"scaleByAdam/m"`), then by parameter path. */
  slots(shapes: ByPath<Shape>): ByPath<ByPath<SlotSpec>>;
  update<T extends Arithmetic<T>>(flow: Flow<T>, clock: Clock<T>): Flow<T>;
}

/**
 * A number to add to the loss, made of parameters: how much the model should be punished for them.
 */
export interface Penalty {
  readonly name: string;
  value<T extends Arithmetic<T>>(params: ByPath<T>): T;
}
