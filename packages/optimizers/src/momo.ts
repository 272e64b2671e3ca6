import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay } from "./internal/guards.js";
import { madeOf } from "./internal/hyper.js";
import { momentumModel, type MomentumModelOptions } from "./internal/momentumModel.js";

export interface MomoOptions extends MomentumModelOptions {
  /** The largest rate: a number or a function of the step. @defaultValue 1 */
  readonly learningRate?: Schedule | number;
  /** How much of the means is kept. @defaultValue 0.9 */
  readonly beta?: Schedule | number;
}

/**
 * Momentum whose rate is found from the loss: the step goes to where a linear model of the loss, a
 * mean over all steps, is at its lowest possible value f*, and no farther than the largest rate.
 *
 * f ← βf + (1 − β) loss,  γ ← βγ + (1 − β) ⟨g, w⟩,  m ← βm + (1 − β) g, of the first step those of
 * it alone;  τ = min(η, max((1 + ηλ)(f − f* − γ) + ⟨m, w⟩, 0) / ‖m‖²),  w ← w / (1 + ηλ) − τ m
 *
 * It needs the loss of the step: `fit` gives it, `onArrays` as `step(gradients, loss)`. optax:
 * `contrib.momo`, which makes no step where ‖m‖² < 2.3e-16. Throws a RangeError where an option is
 * out of range. Schaipp et al. (2024), MoMo: momentum models for adaptive learning rates,
 * algorithm 1. arXiv:2305.07583
 */
export function momo(options: MomoOptions = {}): Transform {
  const {
    learningRate = 1,
    beta = 0.9,
    ...model
  } = known("momo", options, "learningRate beta lowerBound adaptLowerBound weightDecay");
  decay("momo", "beta", beta, 0.9);
  const kept = madeOf([beta], (at) => (step) => (step === 0 ? 0 : at(step)));
  return momentumModel("momo", model, { learningRate, kept, weight: 1 });
}
