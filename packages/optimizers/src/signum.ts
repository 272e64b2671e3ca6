import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay } from "./internal/guards.js";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleBySign } from "./scaleBySign.js";
import { trace, type TraceOptions } from "./trace.js";

export interface SignumOptions extends Pick<TraceOptions, "nesterov"> {
  /** The size of each step; a number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
  /** The fraction of the velocity that remains in a step. @defaultValue 0.9 */
  readonly momentum?: Schedule | number;
}

/**
 * Steps of one size in the direction of a velocity's signs: v ← μv + g, w ← w − η sign(v).
 *
 * Bernstein et al. (2018), signSGD, algorithm 2. arXiv:1802.04434
 */
export function signum(options: SignumOptions = {}): Transform {
  const {
    learningRate = 1e-3,
    momentum = 0.9,
    nesterov = false,
  } = known("signum", options, "learningRate momentum nesterov");
  decay("signum", "momentum", momentum, 0.9);
  return preset("signum", () => [
    trace({ decay: momentum, nesterov }),
    scaleBySign(),
    scaleByLearningRate(learningRate),
  ]);
}
