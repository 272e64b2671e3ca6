import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { decoupled } from "./internal/decoupled.js";
import { scaleByNadam, type ScaleByNadamOptions } from "./scaleByNadam.js";

export interface NadamOptions extends ScaleByNadamOptions, AddDecayedWeightsOptions {
  /** A number or a function of the step. @defaultValue 0.002 */
  readonly learningRate?: Schedule | number;
  /** A number or a function of the step. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
}

/**
 * `scaleByNadam` with a rate and decoupled decay. Keras: `{ learningRate: 0.001, eps: 1e-7,
 * momentumDecay: 1 }`. Dozat (2016), Incorporating Nesterov momentum into Adam
 */
export function nadam(options: NadamOptions = {}): Transform {
  const {
    learningRate = 0.002,
    weightDecay = 0,
    only,
    ...rest
  } = known("nadam", options, "learningRate weightDecay only beta1 beta2 eps momentumDecay");
  return decoupled("nadam", () => scaleByNadam(rest), {
    learningRate,
    weightDecay,
    ...(only !== undefined && { only }),
  });
}
