import type { ByPath, Layer, NDArray, StepStatistics } from "@tenon/contracts";
import { known, whole } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { observedOf } from "./internal/observe.js";
import { statisticsOf, type Observed } from "./statisticsOf.js";
import type { ObserveOptions } from "./trainingStep.js";

export interface StatisticsOptions extends ObserveOptions {
  /** The first step is observed, and then every n-th: n. @defaultValue 1 */
  readonly every?: number;
}

/** The tensors of a training step that are observed. */
export interface ObservedTensors {
  readonly x: Tensor;
  /** The outputs of layers by path, in the order of the forward pass. */
  readonly layers: ReadonlyMap<string, Tensor>;
  readonly predictions: Tensor;
  readonly params: ByPath<Tensor>;
  readonly gradients: ByPath<Tensor>;
  readonly updates: ByPath<Tensor>;
}

/** What `fit` observes, and in which steps. */
export interface Observation {
  readonly every: number;
  /** Figures of a step's arrays, which are further outputs of the step. */
  readonly figuresOf: (model: Layer<Tensor>, tensors: ObservedTensors) => Observed<Tensor>;
  /** What is said of the step, given the values of its figures. */
  readonly statisticsOf: (observed: Observed<NDArray>) => StepStatistics;
}

/**
 * What `fit` needs to observe steps: means, standard deviations, zeros, norms and histograms of
 * inputs, layers, parameters, gradients and updates. `fit(model, { …, observe: statistics() })`.
 *
 * @throws RangeError unless both numbers are whole and at least 1
 */
export function statistics(options: StatisticsOptions = {}): Observation {
  const { every = 1, histograms } = known("statistics", options, "every histograms");
  whole("statistics", "every", every, 1);
  if (histograms !== undefined) whole("statistics", "histograms", histograms, 1);
  const parts = histograms === undefined ? {} : { histograms };
  return {
    every,
    figuresOf: (model, tensors) => observedOf(model, tensors, parts),
    statisticsOf,
  };
}
