import type { Schedule, Shape, Transform } from "@tenon/contracts";
import * as o from "../../index.js";
import { read, type Options } from "./goldenRows.js";

// For tests: what the optimizers of optax have in common, said in this package's options.

/** A mask by path, as optax has it. */
export type Mask = Readonly<Record<string, boolean>> | null;
export const only = (mask: Mask): { only?: (path: string, shape: Shape) => boolean } =>
  mask ? { only: (path) => mask[path] === true } : {};

export const rate = { learning_rate: NaN as number | Schedule };
export const betas = { b1: 0.9, b2: 0.999 };
export const rateIn = (options: { readonly learning_rate: number | Schedule }): number | Schedule =>
  options.learning_rate;

export const adamOf = (
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
export const adamwOf =
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

/** The two largest axes of a shape, the second and the largest, if both have so many elements. */
export function twoLargest(shape: Shape, least: number): readonly [number, number] | undefined {
  const axes = shape.map((_, axis) => axis).sort((a, b) => shape[a]! - shape[b]!);
  const [second, largest] = axes.slice(-2);
  return largest !== undefined && shape[second!]! >= least ? [second!, largest] : undefined;
}
