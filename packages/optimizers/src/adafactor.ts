import type { Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { addDecayedWeights, type AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { averageUpdates } from "./averageUpdates.js";
import { clipByRms } from "./clipByRms.js";
import { decay, positiveRate, rate } from "./internal/guards.js";
import { madeOf } from "./internal/hyper.js";
import { preset } from "./internal/preset.js";
import { scaleByFactoredRms, type ScaleByFactoredRmsOptions } from "./scaleByFactoredRms.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleByParameterNorm } from "./scaleByParameterNorm.js";

export interface AdafactorOptions extends ScaleByFactoredRmsOptions, AddDecayedWeightsOptions {
  /** A number or a function of the step. @defaultValue 0.01 */
  readonly learningRate?: Schedule | number;
  /** Whether the rate is 1 / √t once that is less. @defaultValue true, as in Keras and PyTorch */
  readonly relativeStep?: boolean;
  /** The largest root mean square of a step before its rate. @defaultValue 1 */
  readonly clip?: Schedule | number;
  /**
   * The least root mean square of a parameter that its steps are scaled by; 0 scales by none.
   * @defaultValue 1e-3
   */
  readonly scale?: Schedule | number;
  /** Decay of a running mean of the steps; 0 keeps none. @defaultValue 0 */
  readonly momentum?: Schedule | number;
  /** A number or a function of the step: w ← w − ηλw. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
}

/**
 * Adam without a mean of gradients, whose squares are kept as rows and columns, with steps relative
 * to the parameters' size; for large embeddings and transformers.
 *
 * w ← w − max(scale, rms(w)) min(η, 1 / √t) · u / max(1, rms(u) / clip), with u of
 * `scaleByFactoredRms`. PyTorch: `{ eps: 0, floor: 1.2e-7 }`; optax: `{ relativeStep: false }`.
 * Throws a RangeError where an option is out of range. Shazeer & Stern (2018), algorithms 4 and 5.
 * arXiv:1804.04235
 */
export function adafactor(options: AdafactorOptions = {}): Transform {
  const {
    learningRate = 0.01,
    relativeStep = true,
    clip = 1,
    scale = 1e-3,
    momentum = 0,
    weightDecay = 0,
    only,
    ...rest
  } = known(
    "adafactor",
    options,
    "learningRate relativeStep clip scale momentum weightDecay only decay eps floor factored",
  );
  rate("adafactor", "learningRate", learningRate);
  rate("adafactor", "weightDecay", weightDecay);
  flag("adafactor", "relativeStep", relativeStep);
  if (clip !== Infinity) positiveRate("adafactor", "clip", clip);
  rate("adafactor", "scale", scale);
  decay("adafactor", "momentum", momentum, 0.9);
  return preset("adafactor", () => [
    scaleByFactoredRms(rest),
    ...(clip === Infinity ? [] : [clipByRms(clip)]),
    scaleByLearningRate(
      relativeStep
        ? madeOf([learningRate], (at) => (step) => Math.min(at(step), 1 / Math.sqrt(step + 1)))
        : learningRate,
    ),
    ...(scale === 0 ? [] : [scaleByParameterNorm({ min: scale, rms: true })]),
    ...(momentum === 0 ? [] : [averageUpdates(momentum, { debias: false })]),
    ...(weightDecay === 0 && only === undefined
      ? []
      : [
          addDecayedWeights(
            madeOf(
              [learningRate, weightDecay],
              (at, decayAt) => (step) => -at(step) * decayAt(step),
            ),
            only !== undefined ? { only } : {},
          ),
        ]),
  ]);
}
