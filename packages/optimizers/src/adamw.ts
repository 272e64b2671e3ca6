import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import type { AdamOptions } from "./adam.js";
import { decoupled } from "./internal/decoupled.js";
import { scaleByAdam } from "./scaleByAdam.js";

export interface AdamwOptions extends AdamOptions, AddDecayedWeightsOptions {
  /** A number or a function of the step. @defaultValue 0.01 */
  readonly weightDecay?: Schedule | number;
}

/**
 * Adam whose weight decay is not divided by the gradients' size: w ← w − η·(m̂ / (√v̂ + ε) + λw).
 *
 * `only` says which parameters decay, as for `addDecayedWeights`: all by default. As PyTorch has
 * it; Keras: `{ eps: 1e-7, epsHat: true, weightDecay: 0.004 }`; optax: `{ weightDecay: 1e-4 }`.
 *
 * Loshchilov & Hutter (2019), algorithm 2, arXiv:1711.05101
 */
export function adamw(options: AdamwOptions = {}): Transform {
  const {
    learningRate = 1e-3,
    weightDecay = 0.01,
    only,
    ...rest
  } = known(
    "adamw",
    options,
    "learningRate weightDecay only beta1 beta2 eps epsRoot epsHat nesterov amsgrad",
  );
  return decoupled("adamw", () => scaleByAdam(rest), {
    learningRate,
    weightDecay,
    ...(only !== undefined && { only }),
  });
}
