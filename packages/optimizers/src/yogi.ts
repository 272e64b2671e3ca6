import type { Schedule, Transform } from "@tenon/contracts";
import { rate } from "./internal/guards.js";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByYogi, type ScaleByYogiOptions } from "./scaleByYogi.js";

export interface YogiOptions extends ScaleByYogiOptions {
  /** A number or a function of the step. @defaultValue 0.01 */
  readonly learningRate?: Schedule | number;
}

/** `scaleByYogi` with a rate, as optax has it. Zaheer et al. (2018), Adaptive methods for nonconvex optimization */
export function yogi({ learningRate = 0.01, ...options }: YogiOptions = {}): Transform {
  rate("yogi", "learningRate", learningRate);
  return preset("yogi", scaleByYogi(options), scaleByLearningRate(learningRate));
}
