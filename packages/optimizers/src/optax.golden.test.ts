import type { Transform } from "@tenon/contracts";
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
import {
  betas,
  only,
  scaleByAdamOf,
  scaleByRmsOf,
  type Mask,
} from "./internal/testing/optaxOptions.js";
import { optaxFindingRules } from "./internal/testing/optaxFindingRules.js";
import { optaxNewerRules } from "./internal/testing/optaxNewerRules.js";
import { optaxRules } from "./internal/testing/optaxRules.js";

/** An optax transform as JSON. */
interface Spec {
  readonly name: string;
  readonly options: Options;
}

/** What is left out on purpose, and why. */
const leftOut: Readonly<Record<string, string>> = {
  rprop:
    "optax takes each step one step late, after the gradient that it was for; PyTorch's rprop is here",
};

/** The transform of this package for each function of optax. */
const table: Readonly<Record<string, (options: Options) => Transform>> = {
  ...optaxRules,
  ...optaxNewerRules,
  ...optaxFindingRules,
  "contrib.mechanize"(options) {
    const { base_optimizer, num_betas, s_init, eps, weight_decay } = read(options, {
      base_optimizer: { name: "", options: {} } as Spec,
      ...{ num_betas: 6, s_init: 1e-6, eps: 1e-8, weight_decay: 0.01 },
    });
    const inner = build(base_optimizer);
    return o.mechanize(inner, { betas: num_betas, start: s_init, eps, weightDecay: weight_decay });
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
  normalize_by_update_norm(options) {
    const { scale_factor, eps } = read(options, { scale_factor: 1, eps: 1e-6 });
    return o.chain(o.normalizedGradient({ eps, epsOutside: true }), o.scale(scale_factor));
  },
  zero_nans(options) {
    read(options, {});
    return o.zeroNans();
  },
  apply_if_finite(options) {
    const { inner, max_consecutive_errors: most } = read(options, {
      inner: { name: "", options: {} } as Spec,
      max_consecutive_errors: NaN,
    });
    if (inner.name === "optax.adam")
      return notCovered(
        "bias corrections count steps, and a step that is left out is one, so that all schedules " +
          "are functions of the step; optax' inner count stands still",
      );
    return o.skipNonFinite(build(inner), { most });
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
