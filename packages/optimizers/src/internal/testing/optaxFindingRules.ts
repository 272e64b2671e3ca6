import type { Schedule, Transform } from "@tenon/contracts";
import * as o from "../../index.js";
import { read, type Options } from "./goldenRows.js";
import { betas, rateIn } from "./optaxOptions.js";

// For tests.

const distance = {
  learning_rate: 1 as Schedule | number,
  betas: [0.9, 0.999] as readonly number[],
  eps: 1e-8,
  estim_lr0: 1e-6,
  weight_decay: 0,
};
const model = {
  learning_rate: 1 as Schedule | number,
  lower_bound: 0,
  weight_decay: 0,
  adapt_lower_bound: false,
};

function distanceOf(given: typeof distance): o.DadaptAdamwOptions {
  const [beta1, beta2] = given.betas as [number, number];
  const { eps, estim_lr0: start, weight_decay: weightDecay } = given;
  return { learningRate: rateIn(given), beta1, beta2, eps, start, weightDecay };
}

const modelOf = (given: typeof model): o.MomoOptions => ({
  learningRate: rateIn(given),
  lowerBound: given.lower_bound,
  weightDecay: given.weight_decay,
  adaptLowerBound: given.adapt_lower_bound,
});

/** The optimizer of this package for each one of optax that finds its own rate. */
export const optaxFindingRules: Readonly<Record<string, (options: Options) => Transform>> = {
  "contrib.prodigy"(options) {
    const { estim_lr_coef: growth, ...given } = read(options, { ...distance, estim_lr_coef: 1 });
    return o.prodigy({ ...distanceOf(given), growth });
  },
  "contrib.dadapt_adamw": (options) => o.dadaptAdamw(distanceOf(read(options, distance))),
  "contrib.dog"(options) {
    const { init_step, eps, ...given } = read(options, {
      learning_rate: 1 as Schedule | number,
      init_step: ["heuristic", 1e-6] as readonly [string, number],
      eps: 1e-8,
    });
    return o.dog({ learningRate: rateIn(given), start: init_step[1], eps });
  },
  "contrib.dowg"(options) {
    const { init_estim_sq_dist, eps, ...given } = read(options, {
      learning_rate: 1 as Schedule | number,
      init_estim_sq_dist: NaN,
      eps: 1e-4,
    });
    return o.dowg({ learningRate: rateIn(given), start: Math.sqrt(init_estim_sq_dist), eps });
  },
  "contrib.cocob"(options) {
    const { alpha, eps, weight_decay, learning_rate } = read(options, {
      ...{ learning_rate: 1, alpha: 100, eps: 1e-8, weight_decay: 0 },
    });
    return o.chain(
      o.addDecayedWeights(weight_decay),
      o.scale(learning_rate),
      o.cocob({ alpha, start: eps }),
    );
  },
  polyak_sgd(options) {
    const { max_learning_rate, f_min, eps } = read(options, {
      ...{ max_learning_rate: 1, f_min: 0, eps: 0, variant: "sps" },
    });
    return o.polyakSgd({ learningRate: max_learning_rate, lowerBound: f_min, eps });
  },
  "contrib.momo"(options) {
    const { beta, ...given } = read(options, { ...model, beta: 0.9 });
    return o.momo({ ...modelOf(given), beta });
  },
  "contrib.momo_adam"(options) {
    const { b1, b2, eps, ...given } = read(options, {
      ...{ ...model, ...betas, learning_rate: 0.01 as Schedule | number, eps: 1e-8 },
    });
    return o.momoAdam({ ...modelOf(given), beta1: b1, beta2: b2, eps });
  },
};
