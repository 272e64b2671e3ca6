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

/** A mask by path, as optax has it. */
type Mask = Readonly<Record<string, boolean>> | null;
const only = (mask: Mask): { only?: (path: string, shape: Shape) => boolean } =>
  mask ? { only: (path) => mask[path] === true } : {};

/** An optax transform as JSON. */
interface Spec {
  readonly name: string;
  readonly options: Options;
}

const rate = { learning_rate: NaN as number | Schedule };
const betas = { b1: 0.9, b2: 0.999 };
const rateIn = (options: { readonly learning_rate: number | Schedule }): number | Schedule =>
  options.learning_rate;

const adamOf = (
  options: Options,
  extra: Options = {},
): {
  learningRate: number | Schedule;
  beta1: number;
  beta2: number;
  eps: number;
  epsRoot: number;
  nesterov: boolean;
} => {
  const {
    b1: beta1,
    b2: beta2,
    eps,
    eps_root: epsRoot,
    nesterov,
    ...rest
  } = read(options, { ...rate, ...betas, eps: 1e-8, eps_root: 0, nesterov: false, ...extra });
  return { learningRate: rateIn(rest as never), beta1, beta2, eps, epsRoot, nesterov };
};
const scaleByAdamOf = (options: Options, extra: o.ScaleByAdamOptions = {}): Transform => {
  const {
    b1: beta1,
    b2: beta2,
    eps,
    eps_root: epsRoot,
    nesterov,
  } = read(options, { ...betas, eps: 1e-8, eps_root: 0, nesterov: false });
  return o.scaleByAdam({ beta1, beta2, eps, epsRoot, nesterov, ...extra });
};
function without(options: Options, ...names: string[]): Options {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)));
}
const adamwOf =
  (nesterov: boolean) =>
  (options: Options): Transform => {
    const { weight_decay: weightDecay = 1e-4, mask = null } = options as {
      weight_decay?: number;
      mask?: Mask;
    };
    return o.adamw({
      ...adamOf(without(options, "weight_decay", "mask")),
      ...(nesterov ? { nesterov } : {}),
      weightDecay,
      ...only(mask),
    });
  };

const scaleByRmsOf = (options: Options, centered: boolean): Transform => {
  const {
    decay,
    eps,
    initial_scale: start,
    eps_in_sqrt,
    bias_correction: biasCorrection,
  } = read(options, {
    decay: 0.9,
    eps: 1e-8,
    initial_scale: 0,
    eps_in_sqrt: true,
    bias_correction: false,
  });
  const epsilons = eps_in_sqrt ? { eps: 0, epsRoot: eps } : { eps };
  return o.scaleByRms({ decay, start, biasCorrection, centered, ...epsilons });
};

/** What is left out on purpose, and why. */
const leftOut: Readonly<Record<string, string>> = {
  rprop: "a step that is taken one step late",
};

/** The transform of this package for each function of optax. */
const table: Readonly<Record<string, (options: Options) => Transform>> = {
  sgd(options) {
    const { momentum, nesterov, ...rest } = read(options, {
      ...rate,
      momentum: 0,
      nesterov: false,
    });
    const learningRate = rateIn(rest);
    return momentum ? o.momentum({ learningRate, momentum, nesterov }) : o.sgd({ learningRate });
  },
  adam: (options) => o.adam(adamOf(options)),
  adamw: adamwOf(false),
  nadam: (options) => o.adam({ ...adamOf(options), nesterov: true }),
  nadamw: adamwOf(true),
  amsgrad: (options) => o.adam({ ...adamOf(options), amsgrad: "corrected" }),
  rmsprop(options) {
    const {
      decay,
      eps,
      initial_scale: start,
      eps_in_sqrt,
      centered,
      momentum,
      nesterov,
      bias_correction: biasCorrection,
      ...rest
    } = read(options, {
      ...rate,
      decay: 0.9,
      eps: 1e-8,
      initial_scale: 0,
      eps_in_sqrt: true,
      centered: false,
      momentum: 0,
      nesterov: false,
      bias_correction: false,
    });
    const epsilons = eps_in_sqrt ? { eps: 0, epsRoot: eps } : { eps };
    return o.rmsprop({
      learningRate: rateIn(rest),
      decay,
      ...epsilons,
      start,
      centered,
      momentum,
      nesterov,
      biasCorrection,
      rateInside: true,
    });
  },
  adagrad(options) {
    const {
      initial_accumulator_value: start,
      eps,
      ...rest
    } = read(options, { ...rate, initial_accumulator_value: 0.1, eps: 1e-7 });
    return o.adagrad({ learningRate: rateIn(rest), start, eps: 0, epsRoot: eps });
  },
  adadelta(options) {
    const {
      rho: decay,
      eps,
      weight_decay,
      weight_decay_mask,
      ...rest
    } = read(options, {
      ...rate,
      rho: 0.9,
      eps: 1e-6,
      weight_decay: 0,
      weight_decay_mask: null as Mask,
    });
    return o.chain(
      o.addDecayedWeights(weight_decay, only(weight_decay_mask)),
      o.adadelta({ learningRate: rateIn(rest), decay, eps }),
    );
  },
  adamax(options) {
    const { b1: beta1, b2: beta2, eps, ...rest } = read(options, { ...rate, ...betas, eps: 1e-8 });
    return o.adamax({ learningRate: rateIn(rest), beta1, beta2, eps });
  },
  adamaxw(options) {
    const {
      b1: beta1,
      b2: beta2,
      eps,
      weight_decay,
      mask,
      ...rest
    } = read(options, { ...rate, ...betas, eps: 1e-8, weight_decay: 1e-4, mask: null as Mask });
    return o.chain(
      o.scaleByAdamax({ beta1, beta2, eps }),
      o.addDecayedWeights(weight_decay, only(mask)),
      o.scaleByLearningRate(rateIn(rest)),
    );
  },
  radam(options) {
    const {
      b1: beta1,
      b2: beta2,
      eps,
      eps_root,
      threshold,
      nesterov,
      ...rest
    } = read(options, { ...rate, ...betas, eps: 1e-8, eps_root: 0, threshold: 5, nesterov: false });
    if (eps_root > 0) notCovered("eps_root of radam");
    return o.radam({ learningRate: rateIn(rest), beta1, beta2, eps, threshold, nesterov });
  },
  lion(options) {
    const {
      b1: beta1,
      b2: beta2,
      weight_decay: weightDecay,
      mask,
      ...rest
    } = read(options, { ...rate, b1: 0.9, b2: 0.99, weight_decay: 1e-3, mask: null as Mask });
    return o.lion({ learningRate: rateIn(rest), beta1, beta2, weightDecay, ...only(mask) });
  },
  adabelief(options) {
    const {
      b1: beta1,
      b2: beta2,
      eps,
      eps_root: epsRoot,
      nesterov,
      ...rest
    } = read(options, { ...rate, ...betas, eps: 1e-16, eps_root: 1e-16, nesterov: false });
    if (nesterov) notCovered("nesterov of adabelief");
    return o.adabelief({ learningRate: rateIn(rest), beta1, beta2, eps, epsRoot });
  },
  yogi(options) {
    const { b1: beta1, b2: beta2, eps, ...rest } = read(options, { ...rate, ...betas, eps: 1e-3 });
    return o.yogi({ learningRate: rateIn(rest), beta1, beta2, eps });
  },
  lamb(options) {
    const {
      b1: beta1,
      b2: beta2,
      eps,
      eps_root: epsRoot,
      weight_decay: weightDecay,
      mask,
      ...rest
    } = read(options, {
      ...rate,
      ...betas,
      eps: 1e-6,
      eps_root: 0,
      weight_decay: 0,
      mask: null as Mask,
    });
    return o.lamb({
      learningRate: rateIn(rest),
      beta1,
      beta2,
      eps,
      epsRoot,
      weightDecay,
      ...only(mask),
    });
  },
  signum: (options) => o.signum({ learningRate: rateIn(read(options, rate)) }),
  adan(options) {
    const { b1, b2, b3, eps, eps_root, weight_decay, ...rest } = read(options, {
      ...rate,
      b1: 0.98,
      b2: 0.92,
      b3: 0.99,
      eps: 1e-8,
      eps_root: 1e-8,
      weight_decay: 0,
    });
    return o.adan({
      learningRate: rateIn(rest),
      beta1: b1,
      beta2: b2,
      beta3: b3,
      eps,
      epsRoot: eps_root,
      weightDecay: weight_decay,
      ahead: 1 - b2,
    });
  },
  novograd(options) {
    const { b1, b2, eps, eps_root, weight_decay, ...rest } = read(options, {
      ...rate,
      b1: 0.9,
      b2: 0.25,
      eps: 1e-6,
      eps_root: 0,
      weight_decay: 0,
    });
    return o.novograd({
      learningRate: rateIn(rest),
      beta1: b1,
      beta2: b2,
      eps,
      epsRoot: eps_root,
      weightDecay: weight_decay,
    });
  },
  "contrib.ademamix"(options) {
    const { b1, b2, b3, alpha, eps, eps_root, weight_decay, ...rest } = read(options, {
      ...rate,
      ...betas,
      b3: 0.9999,
      alpha: 5,
      eps: 1e-8,
      eps_root: 0,
      weight_decay: 0,
    });
    return o.ademamix({
      learningRate: rateIn(rest),
      beta1: b1,
      beta2: b2,
      beta3: b3,
      alpha,
      eps,
      epsRoot: eps_root,
      weightDecay: weight_decay,
    });
  },
  "contrib.adopt"(options) {
    const { b1, b2, eps, nesterov, use_clipping, ...rest } = read(options, {
      ...rate,
      b1: 0.9,
      b2: 0.9999,
      eps: 1e-6,
      nesterov: false,
      use_clipping: true,
    });
    return o.adopt({
      learningRate: rateIn(rest),
      beta1: b1,
      beta2: b2,
      eps,
      nesterov,
      clip: use_clipping,
    });
  },
  optimistic_gradient_descent(options) {
    const { alpha, beta, ...rest } = read(options, { ...rate, alpha: 1, beta: 1 });
    return o.chain(o.scaleByOptimism({ alpha, beta }), o.scaleByLearningRate(rateIn(rest)));
  },
  optimistic_adam(options) {
    const { learning_rate, optimism, ...adam } = read(options, {
      ...rate,
      ...betas,
      eps: 1e-8,
      eps_root: 0,
      nesterov: true,
      optimism: null as number | null,
    });
    if (typeof learning_rate !== "number") return notCovered("a rate by step");
    return o.chain(
      scaleByAdamOf(adam),
      o.scaleByOptimism({ alpha: learning_rate, beta: optimism ?? learning_rate }),
      o.scale(-1),
    );
  },
  optimistic_adam_v2(options) {
    const { learning_rate, alpha, beta, ...adam } = read(options, {
      ...rate,
      ...betas,
      eps: 1e-8,
      eps_root: 0,
      nesterov: true,
      alpha: 1,
      beta: 1,
    });
    return o.chain(
      scaleByAdamOf(adam),
      o.scaleByOptimism({ alpha, beta }),
      o.scaleByLearningRate(learning_rate),
    );
  },
  fromage(options) {
    const { min_norm, ...rest } = read(options, { ...rate, min_norm: 1e-6 });
    return o.fromage({ learningRate: rateIn(rest), minNorm: min_norm });
  },
  lars(options) {
    const {
      weight_decay: weightDecay,
      weight_decay_mask: mask,
      trust_coefficient: coefficient,
      eps,
      trust_ratio_mask,
      momentum,
      nesterov,
      ...rest
    } = read(options, {
      ...rate,
      weight_decay: 0,
      weight_decay_mask: null as Mask,
      trust_coefficient: 0.001,
      eps: 0,
      trust_ratio_mask: null as Mask,
      momentum: 0.9,
      nesterov: false,
    });
    const scaled = only(trust_ratio_mask).only;
    return o.lars({
      learningRate: rateIn(rest),
      ...{ weightDecay, coefficient, eps, momentum, nesterov },
      ...only(mask),
      ...(scaled && { scaled }),
    });
  },
  lookahead(options) {
    const { fast_optimizer, sync_period, slow_step_size, reset_state } = read(options, {
      fast_optimizer: { name: "", options: {} } as Spec,
      sync_period: NaN,
      slow_step_size: NaN,
      reset_state: false,
    });
    return o.lookahead(build(fast_optimizer), {
      every: sync_period,
      slowStep: slow_step_size,
      reset: reset_state,
    });
  },
  MultiSteps(options) {
    const { opt, every_k_schedule, use_grad_mean } = read(options, {
      opt: { name: "", options: {} } as Spec,
      every_k_schedule: NaN,
      use_grad_mean: true,
      accumulator_dtype: "",
    });
    return o.accumulate(build(opt), every_k_schedule, { mean: use_grad_mean });
  },
  apply_every: (options) => o.applyEvery(read(options, { k: 1 }).k),
  ema(options) {
    const { decay, debias } = read(options, { decay: NaN, debias: true });
    return o.averageUpdates(decay, { debias });
  },
  clip_by_block_rms: (options) => o.clipByRms(read(options, { threshold: NaN }).threshold),
  adaptive_grad_clip(options) {
    const { clipping, eps } = read(options, { clipping: NaN, eps: 1e-3 });
    return o.adaptiveClip(clipping, {
      eps,
      axes: (rank) => (rank === 2 ? [0] : Array.from({ length: rank }, (_, i) => i)),
    });
  },
  scale_by_param_block_norm: (options) =>
    o.scaleByParameterNorm({ min: read(options, { min_scale: 1e-3 }).min_scale }),
  scale_by_param_block_rms: (options) =>
    o.scaleByParameterNorm({ min: read(options, { min_scale: 1e-3 }).min_scale, rms: true }),
  sign_sgd: (options) =>
    o.chain(o.scaleBySign(), o.scaleByLearningRate(rateIn(read(options, rate)))),
  centralize(options) {
    read(options, {});
    return o.centralize({ axes: (rank) => Array.from({ length: rank - 1 }, (_, i) => i + 1) });
  },
  masked(options) {
    const { inner, mask } = read(options, {
      inner: { name: "", options: {} } as Spec,
      mask: {} as Readonly<Record<string, boolean>>,
    });
    return o.masked(build(inner), (path) => mask[path] === true);
  },
  partition(options) {
    const { transforms, param_labels: labels } = read(options, {
      transforms: {} as Readonly<Record<string, Spec>>,
      param_labels: {} as Readonly<Record<string, string>>,
    });
    return o.chain(
      ...Object.entries(transforms).map(([label, spec]) =>
        o.masked(build(spec), (path) => labels[path] === label),
      ),
    );
  },
  set_to_zero(options) {
    read(options, {});
    return o.scale(0);
  },
  chain: (options) =>
    o.chain(
      ...(read(options, { transforms: [] as readonly Spec[] }).transforms as readonly Spec[]).map(
        build,
      ),
    ),
  clip: (options) => o.clipByValue(read(options, { max_delta: NaN }).max_delta),
  clip_by_global_norm: (options) => o.clipByGlobalNorm(read(options, { max_norm: NaN }).max_norm),
  trace: (options) => o.trace(read(options, { decay: NaN, nesterov: false })),
  add_decayed_weights(options) {
    const { weight_decay, mask } = read(options, { weight_decay: 0, mask: null as Mask });
    return o.addDecayedWeights(weight_decay, only(mask));
  },
  scale: (options) => o.scale(read(options, { step_size: NaN }).step_size),
  scale_by_learning_rate: (options) =>
    o.scaleByLearningRate(read(options, { learning_rate: NaN }).learning_rate),
  scale_by_schedule(options) {
    const { values } = read(options, { values: [] as readonly number[] });
    return o.scaleByLearningRate((step) => -values[step]!);
  },
  scale_by_adam: (options) => scaleByAdamOf(options),
  scale_by_amsgrad: (options) => scaleByAdamOf(options, { amsgrad: "corrected" }),
  scale_by_rms: (options) => scaleByRmsOf(options, false),
  scale_by_stddev: (options) => scaleByRmsOf(options, true),
  scale_by_adamax(options) {
    const { b1: beta1, b2: beta2, eps } = read(options, { ...betas, eps: 1e-8 });
    return o.scaleByAdamax({ beta1, beta2, eps });
  },
  scale_by_belief(options) {
    const {
      b1: beta1,
      b2: beta2,
      eps,
      eps_root: epsRoot,
    } = read(options, { ...betas, eps: 1e-16, eps_root: 1e-16 });
    return o.scaleByBelief({ beta1, beta2, eps, epsRoot });
  },
  scale_by_yogi(options) {
    const {
      b1: beta1,
      b2: beta2,
      eps,
      eps_root: epsRoot,
      initial_accumulator_value: start,
    } = read(options, { ...betas, eps: 1e-3, eps_root: 0, initial_accumulator_value: 1e-6 });
    return o.scaleByYogi({ beta1, beta2, eps, epsRoot, start });
  },
  scale_by_lion(options) {
    const { b1: beta1, b2: beta2 } = read(options, { b1: 0.9, b2: 0.99 });
    return o.scaleByLion({ beta1, beta2 });
  },
  scale_by_radam(options) {
    const {
      b1: beta1,
      b2: beta2,
      eps,
      threshold,
      nesterov,
    } = read(options, { ...betas, eps: 1e-8, threshold: 5, nesterov: false });
    return o.scaleByRadam({ beta1, beta2, eps, threshold, nesterov });
  },
  scale_by_sign(options) {
    read(options, {});
    return o.scaleBySign();
  },
  scale_by_trust_ratio(options) {
    const {
      min_norm: minNorm,
      trust_coefficient: coefficient,
      eps,
    } = read(options, { min_norm: 0, trust_coefficient: 1, eps: 0 });
    return o.scaleByTrustRatio({ minNorm, coefficient, eps });
  },
  scale_by_rss(options) {
    const { initial_accumulator_value: start, eps } = read(options, {
      initial_accumulator_value: 0.1,
      eps: 1e-7,
    });
    return o.scaleByAdagrad({ start, eps: 0, epsRoot: eps });
  },
};

function build({ name, options }: Spec): Transform {
  const short = name.replace("optax.", "");
  return Object.hasOwn(table, short)
    ? table[short]!(options)
    : notCovered(`${name} inside another`);
}

function runner(make: (options: Options) => Transform): (row: OptimizerRow) => void {
  return (row) =>
    follows(
      row,
      make(row.lr_by_step ? { ...row.options, learning_rate: rateOf(row, NaN) } : row.options),
    );
}

// Averages and constraints are in regularizers.
const rows = golden<OptimizerRow>("optimizers").filter(
  ({ lib, name, sequence }) =>
    lib === "optax" && !sequence && name !== "optax.keep_params_nonnegative",
);

goldenSuite(
  "optimizers (optax)",
  rows,
  Object.fromEntries([
    ...Object.entries(table).map(([name, make]) => [`optax/optax.${name}`, runner(make)] as const),
    ...Object.entries(leftOut).map(
      ([name, why]) => [`optax/optax.${name}`, () => notCovered(why)] as const,
    ),
  ]),
);
