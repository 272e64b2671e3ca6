import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { scaleByAdamax, type ScaleByAdamaxOptions } from "./scaleByAdamax.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";

export interface AdamaxOptions extends ScaleByAdamaxOptions {
  /** A number or a function of the step. @defaultValue 0.002 */
  readonly learningRate?: Schedule | number;
}

/**
 * `scaleByAdamax` with a rate, as PyTorch has it. Keras: `{ learningRate: 0.001, eps: 1e-7,
 * epsOutside: true }`. Kingma & Ba (2015), arXiv:1412.6980
 */
export function adamax(options: AdamaxOptions = {}): Transform {
  const { learningRate = 2e-3, ...rest } = known(
    "adamax",
    options,
    "learningRate beta1 beta2 eps epsOutside",
  );
  return preset("adamax", () => [scaleByAdamax(rest), scaleByLearningRate(learningRate)]);
}
