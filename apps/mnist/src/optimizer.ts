import type { Penalty, Schedule, Stopper, Transform } from "@tenon/contracts";
import {
  addDecayedWeights,
  chain,
  clipByGlobalNorm,
  clipByValue,
  normalizedGradient,
  partition,
  scale,
  scaleByAdagrad,
  scaleByAdam,
  scaleByLearningRate,
  scaleByRms,
  trace,
} from "@tenon/optimizers";
import { earlyStopping, ema, l1, l2, maxNorm, swa } from "@tenon/regularizers";
import { cosineDecay, exponentialDecay, stepDecay, warmupCosine } from "@tenon/schedulers";
import type { Config } from "./config.js";
import { memberNames } from "./models.js";

/** The learning rate of each step. */
export function rateOf(
  { schedule, learningRate, decay, warmup, epochs }: Config,
  stepsPerEpoch: number,
): Schedule | number {
  const steps = epochs * stepsPerEpoch;
  switch (schedule) {
    case "constant":
      return learningRate;
    case "exponential":
      return exponentialDecay({
        start: learningRate,
        decayRate: decay,
        steps: stepsPerEpoch,
        staircase: true,
      });
    case "step":
      return stepDecay({
        start: learningRate,
        factor: decay,
        steps: Math.max(1, Math.ceil(steps / 3)),
      });
    case "cosine":
      return cosineDecay({ start: learningRate, steps });
    case "warmup-cosine":
      return warmupCosine({
        start: learningRate / 10,
        peak: learningRate,
        end: learningRate / 100,
        warmup: Math.max(0, Math.min(steps - 1, Math.max(1, Math.round(steps * warmup)))),
        steps,
      });
  }
}

/** The steps before those that swa averages: three quarters of the run. */
export const swaStart = ({ epochs }: Config, stepsPerEpoch: number): number =>
  Math.floor((epochs * stepsPerEpoch * 3) / 4);

/**
 * From gradients to updates: clip, rule, decay, rate, constraint, average. The order matters.
 *
 * The loss of several members is the mean of theirs, so that each has a gradient of 1 / members of
 * that which it would have alone; and what depends on the norm of all gradients takes each member's
 * own. So each of them learns as it would alone.
 */
export function optimizerOf(config: Config, stepsPerEpoch: number): Transform {
  const {
    optimizer,
    momentum,
    beta2,
    clipValue,
    clipNorm,
    weightDecay,
    maxNorm: max,
    average,
    members,
  } = config;
  const each = (transform: Transform): Transform =>
    members === 1
      ? transform
      : partition(
          Object.fromEntries(memberNames(members).map((name) => [name, transform])),
          (path) => path.slice(0, path.indexOf("/")),
        );
  const whole = members === 1 ? [] : [scale(members)];
  const rules: Readonly<Record<Config["optimizer"], () => Transform[]>> = {
    sgd: () => whole,
    momentum: () => [...whole, trace({ decay: momentum })],
    nesterov: () => [...whole, trace({ decay: momentum, nesterov: true })],
    "normalized-gradient": () => [each(normalizedGradient())],
    adagrad: () => [scaleByAdagrad()],
    rmsprop: () => [scaleByRms()],
    adam: () => [scaleByAdam({ beta2 })],
    adamw: () => [scaleByAdam({ beta2 })],
  };
  return chain(
    ...(clipValue > 0 ? [clipByValue(clipValue / members)] : []),
    ...(clipNorm > 0 ? [each(clipByGlobalNorm(clipNorm / members))] : []),
    ...rules[optimizer](),
    // Biases and the scales of normalizations have one axis; they are not decayed.
    ...(weightDecay > 0
      ? [addDecayedWeights(weightDecay, { only: (_, shape) => shape.length > 1 })]
      : []),
    scaleByLearningRate(rateOf(config, stepsPerEpoch)),
    ...(max > 0 ? [maxNorm({ max })] : []),
    ...(average === "ema"
      ? [ema({ decay: 0.999, debias: true })]
      : average === "swa"
        ? [swa({ start: swaStart(config, stepsPerEpoch) })]
        : []),
  );
}

/** The penalties that are added to the loss; of several members the mean of theirs, as of that. */
export function penaltiesOf({ l1: absolute, l2: square, members }: Config): Penalty[] {
  return [
    ...(absolute > 0 ? [l1(absolute / members)] : []),
    ...(square > 0 ? [l2(square / members)] : []),
  ];
}

/** When to stop early, if at all. */
export function stopperOf({ earlyStopping: patience }: Config): Stopper | undefined {
  return patience > 0 ? (earlyStopping({ patience }) as Stopper) : undefined;
}
