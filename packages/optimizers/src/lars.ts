import type { Schedule, Shape, Transform } from "@tenon/contracts";
import { callable, known } from "@tenon/guards";
import { addDecayedWeights, type AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { decay, rate } from "./internal/guards.js";
import { preset } from "./internal/preset.js";
import { masked } from "./masked.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByTrustRatio } from "./scaleByTrustRatio.js";
import { trace } from "./trace.js";

export interface LarsOptions extends AddDecayedWeightsOptions {
  /** A number or a function of the step. @defaultValue 0.1 */
  readonly learningRate?: Schedule | number;
  /** A number or a function of the step. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
  /** The factor of the trust ratio. @defaultValue 0.001 */
  readonly coefficient?: Schedule | number;
  /** Added to the gradient's norm. @defaultValue 0 */
  readonly eps?: Schedule | number;
  /** Which parameters are scaled, by path and shape. @defaultValue all */
  readonly scaled?: (path: string, shape: Shape) => boolean;
  /** The fraction of the velocity that remains in a step. @defaultValue 0.9 */
  readonly momentum?: Schedule | number;
  /** Use the velocity one step ahead. @defaultValue false */
  readonly nesterov?: boolean;
}

/**
 * Momentum for large batches: each parameter's step is a fraction of its own norm, v ← μv − η c
 * ‖w‖ / (‖g‖ + ε)·g, w ← w + v, with g + λw in place of g.
 *
 * You, Gitman & Ginsburg (2017), Large batch training of convolutional networks. arXiv:1708.03888
 */
export function lars(options: LarsOptions = {}): Transform {
  const {
    learningRate = 0.1,
    weightDecay = 0,
    only,
    coefficient = 0.001,
    eps = 0,
    scaled = () => true,
    momentum = 0.9,
    nesterov = false,
  } = known(
    "lars",
    options,
    "learningRate weightDecay only coefficient eps scaled momentum nesterov",
  );
  rate("lars", "weightDecay", weightDecay);
  decay("lars", "momentum", momentum, 0.9);
  callable("lars", "scaled", scaled);
  return preset("lars", () => [
    addDecayedWeights(weightDecay, only !== undefined ? { only } : {}),
    masked(scaleByTrustRatio({ coefficient, eps }), scaled),
    scaleByLearningRate(learningRate),
    trace({ decay: momentum, nesterov }),
  ]);
}
