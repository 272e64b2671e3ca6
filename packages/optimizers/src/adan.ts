import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { decoupled } from "./internal/decoupled.js";
import { scaleByAdan, type ScaleByAdanOptions } from "./scaleByAdan.js";

export interface AdanOptions extends ScaleByAdanOptions, AddDecayedWeightsOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
  /** A number or a function of the step. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
}

/**
 * `scaleByAdan` with a rate and decoupled decay. optax: `{ ahead: 0.08 }`. Xie et al. (2022),
 * arXiv:2208.06677
 */
export function adan(options: AdanOptions = {}): Transform {
  const {
    learningRate = 0.001,
    weightDecay = 0,
    only,
    ...rest
  } = known("adan", options, "learningRate weightDecay only beta1 beta2 beta3 eps epsRoot ahead");
  return decoupled("adan", () => scaleByAdan(rest), {
    learningRate,
    weightDecay,
    ...(only !== undefined && { only }),
  });
}
