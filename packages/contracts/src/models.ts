import type { ByPath, Description, Init, Shape } from "./values.js";

/** A parameter that a layer asks for: trained by gradients. */
export interface ParamSpec {
  readonly shape: Shape;
  readonly init: Init;
}

/**
 * A running statistic that a layer asks for: saved with the model, moved by the layer itself and
 * not by gradients.
 */
export interface StatSpec {
  readonly shape: Shape;
  /** The number it is filled with at the start. */
  readonly start: number;
}

/** What a layer makes of an input. Shapes are of one example: no batch axis. */
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
}

/** One layer inside another. */
export interface LayerPart {
  readonly path: string;
  readonly type: string;
  readonly plan: LayerPlan;
}

/**
 * What a layer may know of the moment: its own parameters and statistics, training or not, random
 * numbers.
 */
export interface Pass<T> {
  readonly training: boolean;
  readonly params: ByPath<T>;
  readonly stats: ByPath<T>;
  /**
   * The same pass as a part sees it: the parameters, statistics and random numbers under `path/`.
   */
  part(path: string): Pass<T>;
  /** The value a running statistic has after this step. */
  keep(stat: string, value: T): void;
  /**
   * Shows what a layer made of its input to whoever looks on; layers made of layers call it on the
   * pass of each part.
   */
  watch(output: T): void;
  /**
   * Uniform in [0, 1): a function of the seed, the step, the layer's path, how often this layer
   * asked before, and the index.
   */
  uniform(shape: Shape): T;
}

/**
 * A differentiable map that describes the parameters it needs. Values have a leading batch axis,
 * plans have none.
 */
export interface Layer<T> {
  /** What it is called in summaries and in paths: `"conv2d"`. */
  readonly type: string;
  /**
   * Shapes and first values for an input of this shape (without the batch axis). Throws if the
   * input does not fit.
   */
  plan(input: Shape): LayerPlan;
  /** The output for a batch `[n, ...input]`. */
  forward(x: T, pass: Pass<T>): T;
  /** What makes it again. */
  toJSON(): Description;
}

/**
 * One number for how wrong a guess is: a scalar, the smaller the better. Over several batches it is
 * weighted by their examples, unless its tensor says otherwise.
 */
export type Loss<T> = (predictions: T, targets: T) => T;
