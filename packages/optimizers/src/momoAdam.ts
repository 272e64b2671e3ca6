import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay, positiveRate } from "./internal/guards.js";
import { corrected, correction } from "./internal/hyper.js";
import { momentumModel, type MomentumModelOptions } from "./internal/momentumModel.js";

export interface MomoAdamOptions extends MomentumModelOptions {
  /** The largest rate: a number or a function of the step. @defaultValue 0.01 */
  readonly learningRate?: Schedule | number;
  /** How much of the means is kept. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: Schedule | number;
  /** Keeps the quotient finite. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
}

/**
 * Adam whose rate is found from the loss, as that of `momo`, up to a largest one.
 *
 * f ← β₁f + (1 − β₁) loss,  γ ← β₁γ + (1 − β₁) ⟨g, w⟩,  m ← β₁m + (1 − β₁) g,  v ← β₂v + (1 − β₂)
 * g²;  with ρ = 1 − β₁ᵗ and D = √(v / (1 − β₂ᵗ)) + ε:  τ = min(η / ρ, max((1 + ηλ)(f − ρf* − γ) +
 * ⟨m, w⟩, 0) / ⟨m, m / D⟩),  w ← w / (1 + ηλ) − τ m / D
 *
 * It needs the loss of the step: `fit` gives it, `onArrays` as `step(gradients, loss)`. optax:
 * `contrib.momo_adam`, which makes no step where ⟨m, m / D⟩ < 2.3e-16. Throws a RangeError where an
 * option is out of range. Schaipp et al. (2024), MoMo: momentum models for adaptive learning rates,
 * algorithm 2. arXiv:2305.07583
 */
export function momoAdam(options: MomoAdamOptions = {}): Transform {
  const {
    learningRate = 0.01,
    beta1 = 0.9,
    beta2 = 0.999,
    eps = 1e-8,
    ...model
  } = known(
    "momoAdam",
    options,
    "learningRate beta1 beta2 eps lowerBound adaptLowerBound weightDecay",
  );
  decay("momoAdam", "beta1", beta1, 0.9);
  decay("momoAdam", "beta2", beta2, 0.999);
  positiveRate("momoAdam", "eps", eps);
  return momentumModel("momoAdam", model, {
    learningRate,
    kept: beta1,
    weight: corrected(beta1, (_, rest) => rest),
    squares: { beta2, correction2: correction(beta2), eps },
  });
}
