import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByYogi, type ScaleByYogiOptions } from "./scaleByYogi.js";

export interface YogiOptions extends ScaleByYogiOptions {
  /** A number or a function of the step. @defaultValue 0.01 */
  readonly learningRate?: Schedule | number;
}

/**
 * `scaleByYogi` with a rate, as optax has it. Zaheer et al. (2018), Adaptive methods for nonconvex
 * optimization
 */
export function yogi(options: YogiOptions = {}): Transform {
  const { learningRate = 0.01, ...rest } = known(
    "yogi",
    options,
    "learningRate beta1 beta2 eps epsRoot start",
  );
  return preset("yogi", () => [scaleByYogi(rest), scaleByLearningRate(learningRate)]);
}
