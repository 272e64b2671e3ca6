import type { Transform } from "@tenon/contracts";
import { notCovered } from "@tenon/testkit";
import * as o from "../../index.js";
import { read, type Options } from "./goldenRows.js";
import { type Mask, only, rate, betas, rateIn, adamOf, adamwOf } from "./optaxOptions.js";

// For tests: the whole optimizers of optax, made of this package's.

/** The optimizer of this package for each older one of optax. */
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
};
