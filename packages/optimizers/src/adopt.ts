import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByAdopt, type ScaleByAdoptOptions } from "./scaleByAdopt.js";

export interface AdoptOptions extends ScaleByAdoptOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
}

/** `scaleByAdopt` with a rate, as optax has it. Taniguchi et al. (2024), arXiv:2411.02853 */
export function adopt(options: AdoptOptions = {}): Transform {
  const { learningRate = 0.001, ...rest } = known(
    "adopt",
    options,
    "learningRate beta1 beta2 eps nesterov clip",
  );
  return preset("adopt", () => [scaleByAdopt(rest), scaleByLearningRate(learningRate)]);
}
