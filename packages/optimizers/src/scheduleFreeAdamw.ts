import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decoupled } from "./internal/decoupled.js";
import { decay, notNegative, rate } from "./internal/guards.js";
import { preset } from "./internal/preset.js";
import { squareOf, warmedUp } from "./internal/warmedUp.js";
import { scaleByRms } from "./scaleByRms.js";
import { scheduleFree } from "./scheduleFree.js";
import type { ScheduleFreeSgdOptions } from "./scheduleFreeSgd.js";

export interface ScheduleFreeAdamwOptions extends ScheduleFreeSgdOptions {
  /** After the warm-up: a number or a function of the step. @defaultValue 0.0025 */
  readonly learningRate?: Schedule | number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: Schedule | number;
  /** Keeps the quotient finite; added outside the root. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
}

/**
 * AdamW with an average of the parameters in place of its mean of gradients and of a falling rate;
 * steps count by the square of their rate.
 *
 * Use `averageOf(slots)` of regularizers after training and for validation. optax'
 * `contrib.schedule_free_adamw`, whose warm-up begins with a step of 0. Keras' `ScheduleFreeAdamW`,
 * whose steps all count the same:
 * `scheduleFree(chain(scaleByRms({
 * decay: 0.999, biasCorrection: true }),
 * scaleByLearningRate(η)))`.
 * Throws a RangeError where an option is out of range. Defazio et al. (2024), The road less
 * scheduled. arXiv:2405.15682
 */
export function scheduleFreeAdamw(options: ScheduleFreeAdamwOptions = {}): Transform {
  const {
    learningRate = 0.0025,
    warmup = 0,
    beta = 0.9,
    beta2 = 0.999,
    eps = 1e-8,
    weightDecay = 0,
    only,
  } = known("scheduleFreeAdamw", options, "learningRate warmup beta beta2 eps weightDecay only");
  rate("scheduleFreeAdamw", "learningRate", learningRate);
  notNegative("scheduleFreeAdamw", "warmup", warmup);
  decay("scheduleFreeAdamw", "beta2", beta2, 0.999);
  const eta = warmedUp(learningRate, warmup);
  return preset("scheduleFreeAdamw", () => [
    scheduleFree(
      decoupled("adamw", () => scaleByRms({ decay: beta2, eps, biasCorrection: true }), {
        learningRate: eta,
        weightDecay,
        ...(only !== undefined ? { only } : {}),
      }),
      { beta, weight: squareOf(eta) },
    ),
  ]);
}
