import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { addDecayedWeights, type AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { rate } from "./internal/guards.js";
import { preset } from "./internal/preset.js";
import { scaleByAdam, type ScaleByAdamOptions } from "./scaleByAdam.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByTrustRatio } from "./scaleByTrustRatio.js";

export interface LambOptions
  extends
    Pick<ScaleByAdamOptions, "beta1" | "beta2" | "eps" | "epsRoot">,
    AddDecayedWeightsOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
  /**
   * A number or a function of the step; inside the trust ratio, as in the paper. @defaultValue 0
   */
  readonly weightDecay?: Schedule | number;
}

/**
 * AdamW whose steps are as long as the parameters, for large batches: ε is 10⁻⁶ by default. You et
 * al. (2020), arXiv:1904.00962
 */
export function lamb(options: LambOptions = {}): Transform {
  const {
    learningRate = 1e-3,
    weightDecay = 0,
    only,
    eps = 1e-6,
    ...rest
  } = known("lamb", options, "learningRate weightDecay only eps beta1 beta2 epsRoot");
  rate("lamb", "weightDecay", weightDecay);
  return preset("lamb", () => [
    scaleByAdam({ eps, ...rest }),
    addDecayedWeights(weightDecay, only !== undefined ? { only } : {}),
    scaleByTrustRatio(),
    scaleByLearningRate(learningRate),
  ]);
}
