import type { ByPath, Description, Init, Shape } from "./values.js";

/** A parameter of a layer: trained by gradients. */
export interface ParamSpec {
  readonly shape: Shape;
  readonly init: Init;
  /** False of a frozen layer: no optimizer and no penalty sees it. @defaultValue true */
  readonly trained?: boolean;
}

/**
 * A running statistic of a layer: saved with the model, updated by the layer itself and not by
 * gradients.
 */
export interface StatSpec {
  readonly shape: Shape;
  /** The initial value of each element. */
  readonly start: number;
}

/** The output shape and the parameters of a layer. Shapes are of one example: no batch axis. */
export interface LayerPlan {
  readonly output: Shape;
  /**
   * By path inside the layer, such as `"kernel"` or, for a layer made of layers, `"conv1/kernel"`.
   */
  readonly params: ByPath<ParamSpec>;
  readonly stats: ByPath<StatSpec>;
  /**
   * The layers it is made of, in order, for a summary. Their parameters are in `params` too, under
   * `path/`.
   */
  readonly parts?: readonly LayerPart[];
  /**
   * Of a bounded activation: the smallest and the largest value that it can give; infinite where it
   * has no bound, or none at which a unit counts as saturated, such as the 0 of relu6.
   */
  readonly range?: readonly [number, number];
  /**
   * Of a part of an attention: among how many heads its units are divided; of the last part, its
   * inputs. What reads the files of other libraries compares it with theirs.
   */
  readonly heads?: number;
}

/** One layer inside another. */
export interface LayerPart {
  readonly path: string;
  readonly type: string;
  readonly plan: LayerPlan;
}

/**
 * The context of one forward pass: the values of a layer's parameters and statistics, whether it is
 * training, and random numbers.
 */
export interface Pass<T> {
  readonly training: boolean;
  readonly params: ByPath<T>;
  readonly stats: ByPath<T>;
  /**
   * The pass of a part of the layer: the parameters, statistics and random numbers under `path/`.
   */
  part(path: string): Pass<T>;
  /** Sets the value that a running statistic has after this step. */
  setStat(stat: string, value: T): void;
  /**
   * Passes the layer's output to the tap, if the caller has set one; layers made of layers call it
   * on the pass of each part.
   */
  tap(output: T): void;
  /**
   * Random numbers, by a function such as the operation `uniform`: of the seed, the step, and a
   * stream that belongs to the layer's path and the number of previous draws in this layer.
   */
  draw(shape: Shape, by: (shape: Shape, seed: T, step: T, stream: number) => T): T;
}

/**
 * A differentiable function with a description of the parameters it needs. Tensors have a leading
 * batch axis, shapes in plans have none.
 */
export interface Layer<T> {
  /** The name in summaries and in paths: `"conv2d"`. */
  readonly type: string;
  /**
   * Shapes and initial values for an input of this shape (without the batch axis). Throws if the
   * input does not fit.
   */
  plan(input: Shape): LayerPlan;
  /** The output for a batch `[n, ...input]`. */
  forward(x: T, pass: Pass<T>): T;
  /** The description from which it can be made again. */
  toJSON(): Description;
}

/**
 * The error of predictions as a scalar, the smaller the better. The loss of several batches is
 * weighted by their numbers of examples, unless the tensor has an `aggregate`.
 */
export type Loss<T> = (predictions: T, targets: T) => T;
