import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { decoupled } from "./internal/decoupled.js";
import { scaleByLion, type ScaleByLionOptions } from "./scaleByLion.js";

export interface LionOptions extends ScaleByLionOptions, AddDecayedWeightsOptions {
  /** A number or a function of the step; a third to a tenth of Adam's. @defaultValue 0.0001 */
  readonly learningRate?: Schedule | number;
  /** A number or a function of the step. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
}

/**
 * `scaleByLion` with a rate and decoupled decay. optax: `{ weightDecay: 0.001 }`. Chen et al.
 * (2023), arXiv:2302.06675
 */
export function lion(options: LionOptions = {}): Transform {
  const {
    learningRate = 1e-4,
    weightDecay = 0,
    only,
    ...rest
  } = known("lion", options, "learningRate weightDecay only beta1 beta2");
  return decoupled("lion", () => scaleByLion(rest), {
    learningRate,
    weightDecay,
    ...(only !== undefined && { only }),
  });
}
