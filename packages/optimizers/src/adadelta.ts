import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { scaleByAdadelta, type ScaleByAdadeltaOptions } from "./scaleByAdadelta.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";

export interface AdadeltaOptions extends ScaleByAdadeltaOptions {
  /** A number or a function of the step. @defaultValue 1 */
  readonly learningRate?: Schedule | number;
}

/**
 * `scaleByAdadelta` with a rate, as PyTorch has it. Keras: `{ learningRate: 0.001, decay: 0.95,
 * eps: 1e-7 }`. Zeiler (2012), arXiv:1212.5701
 */
export function adadelta(options: AdadeltaOptions = {}): Transform {
  const { learningRate = 1, ...rest } = known("adadelta", options, "learningRate decay eps");
  return preset("adadelta", () => [scaleByAdadelta(rest), scaleByLearningRate(learningRate)]);
}
