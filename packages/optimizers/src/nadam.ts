import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { addDecayedWeights, type AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { rate } from "./internal/guards.js";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByNadam, type ScaleByNadamOptions } from "./scaleByNadam.js";

export interface NadamOptions extends ScaleByNadamOptions, AddDecayedWeightsOptions {
  /** A number or a function of the step. @defaultValue 0.002 */
  readonly learningRate?: Schedule | number;
  /** A number or a function of the step. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
}

/** `scaleByNadam` with a rate and decoupled decay. Keras: `{ learningRate: 0.001, eps: 1e-7, momentumDecay: 1 }`. Dozat (2016) */
export function nadam(options: NadamOptions = {}): Transform {
  const {
    learningRate = 0.002,
    weightDecay = 0,
    only,
    ...rest
  } = known("nadam", options, "learningRate weightDecay only beta1 beta2 eps momentumDecay");
  rate("nadam", "learningRate", learningRate);
  rate("nadam", "weightDecay", weightDecay);
  return preset(
    "nadam",
    scaleByNadam(rest),
    addDecayedWeights(weightDecay, only ? { only } : {}),
    scaleByLearningRate(learningRate),
  );
}
