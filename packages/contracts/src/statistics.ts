import type { ByPath } from "./values.js";

/** How many elements lie in each of several bins of equal width between two bounds. */
export interface Histogram {
  /** The lower bound of the first bin: the smallest finite element; 0 where there is none. */
  readonly from: number;
  /** The upper bound of the last bin: the largest finite element; 0 where there is none. */
  readonly to: number;
  readonly counts: readonly number[];
}

/**
 * The elements of an array in one step: a batch of inputs, or the output of a layer for it. Its
 * mean and standard deviation are NaN or infinite where one of the elements is.
 */
export interface ValueStatistics {
  readonly mean: number;
  /** The standard deviation of the elements, √(Σ (x − mean)² / n). */
  readonly std: number;
  /** The fraction of elements that are 0. */
  readonly zeros: number;
  /** The fraction of units (indices of the last axis) that are 0 in the whole batch. */
  readonly dead: number;
  /**
   * The fraction of elements of a bounded activation whose distance from one of the bounds is at
   * most 1 % of the range (with one bound, 1 % of that): there its gradient is almost 0. It is 0
   * for other layers.
   */
  readonly saturated: number;
  /** The fraction of elements that are NaN or infinite. */
  readonly nonFinite: number;
  /** Present where histograms were requested. */
  readonly histogram?: Histogram;
}

/** A parameter in one step: its value before the update, its gradient, and the update. */
export interface ParamStatistics {
  /** How many elements it has. */
  readonly size: number;
  /** The L2 norm of the value, √Σ w². */
  readonly norm: number;
  /** The L2 norm of the gradient of the loss with penalties, before the optimizer's transforms. */
  readonly gradientNorm: number;
  /** The L2 norm of the update, which is added to the value. */
  readonly updateNorm: number;
  /**
   * `updateNorm / norm`: about 1e-3 in a healthy run. 0 if both are 0, infinite if only `norm` is,
   * as that of a bias in the first step.
   */
  readonly updateRatio: number;
  /** The fraction of elements of value, gradient and update that are NaN or infinite. */
  readonly nonFinite: number;
  /** Of the value; present where histograms were requested. */
  readonly histogram?: Histogram;
  /** Of the gradient; present where histograms were requested. */
  readonly gradientHistogram?: Histogram;
}

/** What was measured inside one training step. */
export interface StepStatistics {
  readonly input: ValueStatistics;
  /**
   * By path, in the order of the forward pass. The output of a model that is not made of layers is
   * called by its type.
   */
  readonly layers: ByPath<ValueStatistics>;
  /** By path, in the order of the model's plan. */
  readonly params: ByPath<ParamStatistics>;
}
