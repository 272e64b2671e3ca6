import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";

export interface SgdOptions {
  /** A number or a function of the step. @defaultValue 0.01 */
  readonly learningRate?: Schedule | number;
}

/**
 * Plain gradient descent: w ← w − ηg. With a velocity: `momentum`, `nesterov`. Robbins & Monro
 * (1951), A stochastic approximation method.
 */
export function sgd(options: SgdOptions = {}): Transform {
  const { learningRate = 0.01 } = known("sgd", options, "learningRate");
  return preset("sgd", () => [scaleByLearningRate(learningRate)]);
}
