import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByRadam, type ScaleByRadamOptions } from "./scaleByRadam.js";

export interface RadamOptions extends ScaleByRadamOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
}

/**
 * `scaleByRadam` with a rate, as optax has it. PyTorch: `{ epsHat: true }`. Liu et al. (2020),
 * arXiv:1908.03265
 */
export function radam(options: RadamOptions = {}): Transform {
  const { learningRate = 1e-3, ...rest } = known(
    "radam",
    options,
    "learningRate beta1 beta2 eps epsHat threshold nesterov",
  );
  return preset("radam", () => [scaleByRadam(rest), scaleByLearningRate(learningRate)]);
}
