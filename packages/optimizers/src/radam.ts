import type { Schedule, Transform } from "@tenon/contracts";
import { rate } from "./internal/guards.js";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByRadam, type ScaleByRadamOptions } from "./scaleByRadam.js";

export interface RadamOptions extends ScaleByRadamOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
}

/** `scaleByRadam` with a rate, as optax has it. PyTorch: `{ epsHat: true }`. Liu et al. (2020), arXiv:1908.03265 */
export function radam({ learningRate = 1e-3, ...options }: RadamOptions = {}): Transform {
  rate("radam", "learningRate", learningRate);
  return preset("radam", scaleByRadam(options), scaleByLearningRate(learningRate));
}
