import type { Schedule, Shape, Transform } from "@tenon/contracts";
import { notCovered } from "@tenon/testkit";
import * as o from "../../index.js";
import { read, type Options } from "./goldenRows.js";

// For tests: the whole optimizers of optax, made of this package's.

/** A mask by path, as optax has it. */
export type Mask = Readonly<Record<string, boolean>> | null;
export const only = (mask: Mask): { only?: (path: string, shape: Shape) => boolean } =>
  mask ? { only: (path) => mask[path] === true } : {};

const rate = { learning_rate: NaN as number | Schedule };
export const betas = { b1: 0.9, b2: 0.999 };
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
export const scaleByAdamOf = (options: Options, extra: o.ScaleByAdamOptions = {}): Transform => {
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

export const scaleByRmsOf = (options: Options, centered: boolean): Transform => {
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

/** The optimizer of this package for each of optax. */
export const optaxRules: Readonly<Record<string, (options: Options) => Transform>> = {
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
  sign_sgd: (options) =>
    o.chain(o.scaleBySign(), o.scaleByLearningRate(rateIn(read(options, rate)))),
};
