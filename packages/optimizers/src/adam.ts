import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { adamRule } from "./internal/adamRule.js";
import { descent } from "./internal/descent.js";
import { sequence } from "./internal/preset.js";
import type { ScaleByAdamOptions } from "./scaleByAdam.js";

export interface AdamOptions extends ScaleByAdamOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
}

/**
 * Steps along the gradient's running mean, of a size for each element: w ← w − η·m̂ / (√v̂ + ε).
 *
 * As PyTorch and optax have it. Keras: `{ eps: 1e-7, epsHat: true }`. Weight decay is a matter of
 * position: PyTorch's `Adam(weight_decay)` is `chain(addDecayedWeights(λ), adam())`; for the
 * decoupled one see `adamw`.
 *
 * Kingma & Ba (2015), arXiv:1412.6980
 */
export function adam(options: AdamOptions = {}): Transform {
  const { learningRate = 1e-3, ...rest } = known(
    "adam",
    options,
    "learningRate beta1 beta2 eps epsRoot epsHat nesterov amsgrad",
  );
  return sequence("adam", [adamRule("adam", rest), descent("adam", learningRate)]);
}
