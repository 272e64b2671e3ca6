import type { Transform } from "@tenon/contracts";
import { notCovered } from "@tenon/testkit";
import * as o from "../../index.js";
import { read, type Options } from "./goldenRows.js";
import { type Mask, only, rate, betas, rateIn, scaleByAdamOf, twoLargest } from "./optaxOptions.js";

// For tests.

/** The optimizer of this package for each younger or rarer one of optax. */
export const optaxNewerRules: Readonly<Record<string, (options: Options) => Transform>> = {
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
  adafactor(options) {
    const {
      min_dim_size_to_factor: least,
      decay_rate: decay,
      multiply_by_parameter_scale,
      clipping_threshold,
      momentum,
      weight_decay_rate,
      eps,
      ...rest
    } = read(options, {
      ...rate,
      min_dim_size_to_factor: 128,
      decay_rate: 0.8,
      multiply_by_parameter_scale: true,
      clipping_threshold: 1 as number | null,
      momentum: null as number | null,
      weight_decay_rate: null as number | null,
      eps: 1e-30,
      dtype_momentum: "",
    });
    return o.chain(
      o.adafactor({
        learningRate: rateIn(rest),
        relativeStep: false,
        decay,
        eps,
        clip: clipping_threshold ?? Infinity,
        scale: multiply_by_parameter_scale ? 1e-3 : 0,
        momentum: momentum ?? 0,
        factored: (shape) => twoLargest(shape, least),
      }),
      // Without the rate.
      o.addDecayedWeights(() => -(weight_decay_rate ?? 0)),
    );
  },
  sm3(options) {
    const { momentum, ...rest } = read(options, { ...rate, momentum: 0.9 });
    return o.sm3({ learningRate: rateIn(rest), momentum });
  },
  "contrib.madgrad"(options) {
    const { momentum, eps, ...rest } = read(options, { ...rate, momentum: 0.9, eps: 1e-6 });
    // optax computes √t in float32, and (η + ε) √t where η is a constant.
    const { fround } = Math;
    const given = rateIn(rest);
    const learningRate = (step: number): number => {
      const root = Math.sqrt(step + 1);
      const lambda =
        typeof given === "number"
          ? fround(fround(fround(given) + fround(eps)) * fround(root))
          : (given(step) + eps) * fround(root);
      return lambda / root - eps;
    };
    return o.madgrad({ learningRate, momentum, eps });
  },
  "contrib.muon"(options) {
    const {
      beta,
      nesterov,
      ns_steps: steps,
      weight_decay,
      consistent_rms,
      ...rest
    } = read(options, {
      ...rate,
      beta: 0.95,
      nesterov: true,
      ns_steps: 5,
      weight_decay: 0,
      consistent_rms: null as number | null,
    });
    const learningRate = rateIn(rest);
    return o.muon({
      learningRate,
      weightDecay: weight_decay,
      momentum: beta,
      nesterov,
      debias: true,
      steps,
      eps: 1e-8,
      ...(consistent_rms === null
        ? {}
        : { factor: (rows, columns) => consistent_rms * Math.sqrt(Math.max(rows, columns)) }),
      others: o.adamw({ learningRate, weightDecay: 0, nesterov }),
    });
  },
  "contrib.schedule_free_sgd"(options) {
    const { warmup_steps, b1, weight_decay, ...rest } = read(options, {
      ...rate,
      warmup_steps: 0,
      b1: 0.9,
      weight_decay: 0,
    });
    if (warmup_steps > 0) return notCovered("a warm-up of schedule_free_sgd");
    return o.scheduleFreeSgd({
      learningRate: rest.learning_rate as number,
      beta: b1,
      weightDecay: weight_decay,
    });
  },
  "contrib.schedule_free_adamw"(options) {
    const { warmup_steps, b1, b2, eps, weight_decay, ...rest } = read(options, {
      ...rate,
      warmup_steps: 0,
      b1: 0.9,
      b2: 0.999,
      eps: 1e-8,
      weight_decay: 0,
    });
    const peak = rest.learning_rate as number;
    // The rate is one step behind the weight, and both are float32.
    const { fround } = Math;
    const rateAt = (step: number): number => {
      const rest = fround(Math.max(0, 1 - fround(step / warmup_steps)));
      return fround(fround(peak) - fround(fround(peak) * rest));
    };
    if (warmup_steps > 0)
      return o.scheduleFree(
        o.chain(
          o.scaleByRms({ decay: b2, eps, biasCorrection: true }),
          o.addDecayedWeights(weight_decay),
          o.scaleByLearningRate(rateAt),
        ),
        { beta: b1, weight: (step) => rateAt(step + 1) ** 2 },
      );
    return o.scheduleFreeAdamw({
      learningRate: peak,
      beta: b1,
      beta2: b2,
      eps,
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
