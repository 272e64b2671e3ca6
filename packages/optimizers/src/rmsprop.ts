import type { Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { decay } from "./internal/guards.js";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByRms, type ScaleByRmsOptions } from "./scaleByRms.js";
import { trace } from "./trace.js";

export interface RmspropOptions extends ScaleByRmsOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
  /** The fraction of a velocity that remains in a step; 0 for no velocity. @defaultValue 0 */
  readonly momentum?: Schedule | number;
  /** Use the velocity one step ahead (Nesterov). @defaultValue false */
  readonly nesterov?: boolean;
  /**
   * Whether the velocity consists of steps instead of directions, as in Keras and optax; see
   * `momentum`. @defaultValue false
   */
  readonly rateInside?: boolean;
}

/**
 * A step for each element that shrinks with its recent gradients: v ← ρv + (1 − ρ)g², w ← w −
 * η·g / (√v + ε).
 *
 * PyTorch: `{ learningRate: 0.01, decay: 0.99 }`. Keras: `{ eps: 0, epsRoot: 1e-7, rateInside: true
 * }`. optax: `{ eps: 0, epsRoot: 1e-8, rateInside: true }`.
 *
 * Tieleman & Hinton (2012), Neural networks for machine learning, lecture 6e
 */
export function rmsprop(options: RmspropOptions = {}): Transform {
  const {
    learningRate = 1e-3,
    momentum = 0,
    nesterov = false,
    rateInside = false,
    ...rest
  } = known(
    "rmsprop",
    options,
    "learningRate momentum nesterov rateInside decay eps epsRoot centered biasCorrection start",
  );
  flag("rmsprop", "nesterov", nesterov);
  flag("rmsprop", "rateInside", rateInside);
  decay("rmsprop", "momentum", momentum, 0.9);
  return preset("rmsprop", () => {
    const direction = scaleByRms(rest);
    const steps = scaleByLearningRate(learningRate);
    if (momentum === 0) return [direction, steps];
    const velocity = trace({ decay: momentum, nesterov });
    return rateInside ? [direction, steps, velocity] : [direction, velocity, steps];
  });
}
