import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { addDecayedWeights, type AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { notNegative, rate } from "./internal/guards.js";
import { preset } from "./internal/preset.js";
import { squareOf, warmedUp } from "./internal/warmedUp.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scheduleFree } from "./scheduleFree.js";

export interface ScheduleFreeSgdOptions extends AddDecayedWeightsOptions {
  /**
   * After the warm-up: a number or a function of the step. None need lower it: the average takes
   * the place of that. @defaultValue 1
   */
  readonly learningRate?: Schedule | number;
  /** After how many steps the rate is whole; it rises linearly. @defaultValue 0 */
  readonly warmup?: number;
  /** Where gradients are taken: how far from z to the average, in (0, 1]. @defaultValue 0.9 */
  readonly beta?: Schedule | number;
  /** λ of g + λw. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
}

/**
 * Gradient descent with an average of the parameters in place of a falling rate; steps count by the
 * square of their rate; optax counts that of the largest rate so far, which is the same while it
 * does not fall.
 *
 * Use `averageOf(slots)` of regularizers after training and for validation. optax'
 * `contrib.schedule_free_sgd`. Throws a RangeError where an option is out of range. Defazio et al.
 * (2024), The road less scheduled. arXiv:2405.15682
 */
export function scheduleFreeSgd(options: ScheduleFreeSgdOptions = {}): Transform {
  const {
    learningRate = 1,
    warmup = 0,
    beta = 0.9,
    weightDecay = 0,
    only,
  } = known("scheduleFreeSgd", options, "learningRate warmup beta weightDecay only");
  rate("scheduleFreeSgd", "learningRate", learningRate);
  notNegative("scheduleFreeSgd", "warmup", warmup);
  rate("scheduleFreeSgd", "weightDecay", weightDecay);
  const eta = warmedUp(learningRate, warmup);
  return preset("scheduleFreeSgd", () => [
    scheduleFree(
      preset("sgd", () => [
        addDecayedWeights(weightDecay, only !== undefined ? { only } : {}),
        scaleByLearningRate(eta),
      ]),
      { beta, weight: squareOf(eta) },
    ),
  ]);
}
