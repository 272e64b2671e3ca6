import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByNovograd, type ScaleByNovogradOptions } from "./scaleByNovograd.js";

export interface NovogradOptions extends ScaleByNovogradOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
}

/** `scaleByNovograd` with a rate, as optax has it. Ginsburg et al. (2019), arXiv:1905.11286 */
export function novograd(options: NovogradOptions = {}): Transform {
  const { learningRate = 1e-3, ...rest } = known(
    "novograd",
    options,
    "learningRate beta1 beta2 eps epsRoot weightDecay",
  );
  return preset("novograd", () => [scaleByNovograd(rest), scaleByLearningRate(learningRate)]);
}
