import type { Schedule, Shape, Transform } from "@tenon/contracts";
import { golden } from "@tenon/golden";
import { goldenSuite, notCovered } from "@tenon/testkit";
import * as o from "./index.js";
import {
  follows,
  rateOf,
  read,
  type Options,
  type OptimizerRow,
} from "./internal/testing/goldenRows.js";

/** What every Keras optimizer takes. */
const common = {
  learning_rate: 1e-3,
  weight_decay: null as number | null,
  clipnorm: null as number | null,
  global_clipnorm: null as number | null,
  clipvalue: null as number | null,
  gradient_accumulation_steps: null as number | null,
};

/**
 * Keras clips, then lets the parameters decay, w ← (1 − ηλ)w, and then its rule update them.
 */
function runs<D extends Options>(
  defaults: D,
  rule: (
    options: ReturnType<typeof read<D>>,
    learningRate: Schedule | number,
    row: OptimizerRow,
  ) => Transform,
): (row: OptimizerRow) => void {
  return (row) => {
    const options = read(row.options, { ...common, ...defaults });
    const { learning_rate, weight_decay, clipnorm, global_clipnorm, clipvalue } =
      options as unknown as typeof common;
    const every = (options as unknown as typeof common).gradient_accumulation_steps;
    const spared = row.exclude_from_weight_decay ?? [];
    const rate = rateOf(row, learning_rate);
    const clip = clipnorm
      ? [o.clipByNorm(clipnorm)]
      : global_clipnorm
        ? [o.clipByGlobalNorm(global_clipnorm)]
        : clipvalue
          ? [o.clipByValue(clipvalue)]
          : [];
    const inner = rule(options as never, rate, row);
    const decaying = weight_decay
      ? o.decayFirst(
          inner,
          (step) => weight_decay * (typeof rate === "number" ? rate : rate(step)),
          { only: (path) => !spared.includes(path) },
        )
      : inner;
    const whole = o.chain(...clip, decaying);
    follows(row, every ? o.accumulate(whole, every) : whole);
  };
}

const betas = { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 };
const adam = { ...betas, amsgrad: false };

// Rows with a moving average of the parameters are in internal/compositions: it is made by
// regularizers.
const rows = golden<OptimizerRow>("optimizers").filter(({ lib, ema }) => lib === "keras" && !ema);

const adafactor = runs(
  {
    beta_2_decay: -0.8,
    epsilon_1: 1e-30,
    epsilon_2: 1e-3,
    clip_threshold: 1,
    relative_step: true, // it is relative anyway
  },
  (options, learningRate) =>
    o.adafactor({
      learningRate,
      decay: -options.beta_2_decay,
      eps: options.epsilon_1,
      scale: options.epsilon_2,
      clip: options.clip_threshold,
    }),
);

/** Its mean of gradients is a sum, 1 / (1 − μ) times ours; each kind has a decay of its own. */
function muon(row: OptimizerRow): void {
  const {
    learning_rate,
    weight_decay,
    adam_weight_decay,
    adam_lr_ratio,
    momentum,
    nesterov,
    ns_steps: steps,
    rms_rate,
  } = read(row.options, {
    learning_rate: 1e-3,
    weight_decay: 0.004,
    adam_weight_decay: 0.004,
    adam_lr_ratio: 1,
    momentum: 0.95,
    nesterov: true,
    ns_steps: 5,
    rms_rate: 0.2,
  });
  const rate = rateOf(row, learning_rate);
  const timed =
    (factor: number): Schedule =>
    (step) =>
      factor * (typeof rate === "number" ? rate : rate(step));
  const isMatrix = (_: string, { length }: Shape): boolean => length === 2;
  const rule = o.muon({
    learningRate: rate,
    weightDecay: 0,
    momentum,
    nesterov,
    steps,
    eps: 1e-7 * (1 - momentum),
    factor: (rows, columns) => rms_rate * Math.sqrt(Math.max(rows, columns)),
    others: o.adam({ learningRate: timed(adam_lr_ratio), eps: 1e-7, epsHat: true }),
  });
  const decaying = o.decayFirst(rule, timed(adam_weight_decay), {
    only: (path, shape) => !isMatrix(path, shape),
  });
  follows(row, o.decayFirst(decaying, timed(weight_decay), { only: isMatrix }));
}

const ftrl = runs(
  {
    learning_rate_power: -0.5,
    initial_accumulator_value: 0.1,
    l1_regularization_strength: 0,
    l2_regularization_strength: 0,
    l2_shrinkage_regularization_strength: 0,
    beta: 0,
  },
  (options, learningRate) => {
    return o.ftrl({
      learningRate,
      start: options.initial_accumulator_value,
      l1: options.l1_regularization_strength,
      l2: options.l2_regularization_strength,
      shrinkage: options.l2_shrinkage_regularization_strength,
      beta: options.beta,
      power: -options.learning_rate_power,
    });
  },
);

goldenSuite("optimizers (Keras)", rows, {
  "keras/keras.optimizers.SGD": runs(
    { learning_rate: 0.01, momentum: 0, nesterov: false },
    ({ momentum, nesterov }, learningRate) =>
      momentum > 0
        ? o.momentum({ learningRate, momentum, nesterov, rateInside: true })
        : o.sgd({ learningRate }),
  ),
  "keras/keras.optimizers.RMSprop": runs(
    { rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
    ({ rho, momentum, epsilon, centered }, learningRate) =>
      o.rmsprop({
        learningRate,
        decay: rho,
        momentum,
        eps: 0,
        epsRoot: epsilon,
        centered,
        rateInside: true,
      }),
  ),
  "keras/keras.optimizers.Adagrad": runs(
    { initial_accumulator_value: 0.1, epsilon: 1e-7 },
    ({ initial_accumulator_value: start, epsilon }, learningRate) =>
      o.adagrad({ learningRate, start, eps: 0, epsRoot: epsilon }),
  ),
  "keras/keras.optimizers.Adam": runs(
    adam,
    ({ beta_1: beta1, beta_2: beta2, epsilon: eps, amsgrad }, learningRate) =>
      o.adam({ learningRate, beta1, beta2, eps, epsHat: true, amsgrad }),
  ),
  "keras/keras.optimizers.AdamW": runs(
    { ...adam, weight_decay: 0.004 },
    ({ beta_1: beta1, beta_2: beta2, epsilon: eps, amsgrad }, learningRate) =>
      o.adam({ learningRate, beta1, beta2, eps, epsHat: true, amsgrad }),
  ),
  "keras/keras.optimizers.Adadelta": runs(
    { rho: 0.95, epsilon: 1e-7 },
    ({ rho: decay, epsilon: eps }, learningRate) => o.adadelta({ learningRate, decay, eps }),
  ),
  "keras/keras.optimizers.Adamax": runs(
    betas,
    ({ beta_1: beta1, beta_2: beta2, epsilon: eps }, learningRate) =>
      o.adamax({ learningRate, beta1, beta2, eps, epsOutside: true }),
  ),
  "keras/keras.optimizers.Lion": runs(
    { beta_1: 0.9, beta_2: 0.99 },
    ({ beta_1: beta1, beta_2: beta2 }, learningRate) => o.lion({ learningRate, beta1, beta2 }),
  ),
  "keras/keras.optimizers.Nadam": runs(
    betas,
    ({ beta_1: beta1, beta_2: beta2, epsilon: eps }, learningRate) =>
      o.nadam({ learningRate, beta1, beta2, eps, momentumDecay: 1 }),
  ),
  "keras/keras.optimizers.Adafactor": adafactor,
  "keras/keras.optimizers.Ftrl": ftrl,
  "keras/keras.optimizers.Lamb": runs(
    betas,
    ({ beta_1: beta1, beta_2: beta2, epsilon: eps }, learningRate) =>
      o.lamb({ learningRate, beta1, beta2, eps }),
  ),
  "keras/keras.optimizers.Muon": muon,
  "keras/keras.optimizers.ScheduleFreeAdamW": () =>
    notCovered(
      "on TensorFlow, Keras computes the average from z as it is after its step, against its own " +
        "comments and the paper, whose form and optax' is here",
    ),
});
