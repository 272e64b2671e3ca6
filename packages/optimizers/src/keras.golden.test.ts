import type { Schedule, Transform } from "@tenon/contracts";
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
 * Keras clips, then decays and updates: w ← w − ηλw + update, the decay is not part of the rule or
 * its velocity.
 */
function runs<D extends Options>(
  defaults: D,
  rule: (options: ReturnType<typeof read<D>>, learningRate: Schedule | number) => Transform,
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
    const decay = weight_decay
      ? [
          o.addDecayedWeights(
            (step) => -weight_decay * (typeof rate === "number" ? rate : rate(step)),
            { only: (path) => !spared.includes(path) },
          ),
        ]
      : [];
    const whole = o.chain(...clip, rule(options as never, rate), ...decay);
    follows(row, every ? o.accumulate(whole, every) : whole);
  };
}

const betas = { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 };
const adam = { ...betas, amsgrad: false };

// Rows with a moving average of the parameters are in internal/compositions: it is made by
// regularizers.
const rows = golden<OptimizerRow>("optimizers").filter(({ lib, ema }) => lib === "keras" && !ema);

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
    if (options.learning_rate_power !== -0.5) notCovered("another power than −0.5");
    return o.ftrl({
      learningRate,
      start: options.initial_accumulator_value,
      l1: options.l1_regularization_strength,
      l2: options.l2_regularization_strength,
      shrinkage: options.l2_shrinkage_regularization_strength,
      beta: options.beta,
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
  "keras/keras.optimizers.Ftrl"(row) {
    // It decays what the rule then reads, whose result it does not depend on otherwise.
    if (row.options["weight_decay"]) notCovered("decay before the rule");
    ftrl(row);
  },
  "keras/keras.optimizers.Lamb"(row) {
    // Keras takes the ratio of the parameter that has decayed already; the paper and optax, and so
    // we, of the one before.
    if (row.options["weight_decay"]) notCovered("decay outside the trust ratio");
    runs(betas, ({ beta_1: beta1, beta_2: beta2, epsilon: eps }, learningRate) =>
      o.lamb({ learningRate, beta1, beta2, eps }),
    )(row);
  },
});
