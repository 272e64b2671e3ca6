import type { Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { decay } from "./internal/guards.js";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { trace } from "./trace.js";

export interface MomentumOptions {
  /** A number or a function of the step. @defaultValue 0.01 */
  readonly learningRate?: Schedule | number;
  /**
   * The fraction of the velocity that remains in a step: a number or a function of the step, such
   * as one-cycle's, which falls while the rate rises. @defaultValue 0.9
   */
  readonly momentum?: Schedule | number;
  /** The fraction of each gradient but the first that is left out. @defaultValue 0 */
  readonly dampening?: Schedule | number;
  /** Use the velocity one step ahead (Nesterov). @defaultValue false */
  readonly nesterov?: boolean;
  /** Whether the velocity consists of steps instead of gradients; see below. @defaultValue false */
  readonly rateInside?: boolean;
}

/**
 * Gradient descent with a velocity (the transform alone is `trace`).
 *
 * Usual: v ← μv + g, w ← w − ηv (PyTorch, optax). With `rateInside`, the tutorial's form and
 * Keras': v ← μv − ηg, w ← w + v. They are equal until η changes; then the first changes its steps
 * at once, and the second only as old steps fade.
 *
 * Polyak (1964). Sutskever et al. (2013), On the importance of initialization and momentum in deep
 * learning.
 */
export function momentum(options: MomentumOptions = {}): Transform {
  const {
    learningRate = 0.01,
    momentum: mu = 0.9,
    dampening = 0,
    nesterov = false,
    rateInside = false,
  } = known("momentum", options, "learningRate momentum dampening nesterov rateInside");
  flag("momentum", "nesterov", nesterov);
  flag("momentum", "rateInside", rateInside);
  decay("momentum", "momentum", mu, 0.9);
  return preset("momentum", () => {
    const velocity = trace({ decay: mu, dampening, nesterov });
    const steps = scaleByLearningRate(learningRate);
    return rateInside ? [steps, velocity] : [velocity, steps];
  });
}
