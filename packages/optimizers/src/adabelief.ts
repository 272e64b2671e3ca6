import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { scaleByBelief, type ScaleByBeliefOptions } from "./scaleByBelief.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";

export interface AdabeliefOptions extends ScaleByBeliefOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
}

/** `scaleByBelief` with a rate, as optax has it. Zhuang et al. (2020), arXiv:2010.07468 */
export function adabelief(options: AdabeliefOptions = {}): Transform {
  const { learningRate = 1e-3, ...rest } = known(
    "adabelief",
    options,
    "learningRate beta1 beta2 eps epsRoot",
  );
  return preset("adabelief", () => [scaleByBelief(rest), scaleByLearningRate(learningRate)]);
}
