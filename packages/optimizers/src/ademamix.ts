import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { decoupled } from "./internal/decoupled.js";
import { scaleByAdemamix, type ScaleByAdemamixOptions } from "./scaleByAdemamix.js";

export interface AdemamixOptions extends ScaleByAdemamixOptions, AddDecayedWeightsOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
  /** A number or a function of the step. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
}

/**
 * `scaleByAdemamix` with a rate and decoupled decay, as optax has it. Pagliardini et al. (2024),
 * arXiv:2409.03137
 */
export function ademamix(options: AdemamixOptions = {}): Transform {
  const {
    learningRate = 0.001,
    weightDecay = 0,
    only,
    ...rest
  } = known(
    "ademamix",
    options,
    "learningRate weightDecay only beta1 beta2 beta3 alpha eps epsRoot",
  );
  return decoupled("ademamix", () => scaleByAdemamix(rest), {
    learningRate,
    weightDecay,
    ...(only !== undefined && { only }),
  });
}
