import type { Arithmetic, ByPath, Schedule, Transform } from "@tenon/contracts";
import { callable } from "@tenon/guards";
import type { AddDecayedWeightsOptions } from "../addDecayedWeights.js";
import { decay, positive, positiveRate, rate } from "./guards.js";
import { correctedRate, mapped, type Hyper, type Scalars } from "./hyper.js";
import { mapPaths } from "./mapPaths.js";
import { isZero } from "./rootOf.js";
import { together } from "./together.js";

/** The options of Adam that finds its own rate. */
export interface AdamDistanceOptions extends AddDecayedWeightsOptions {
  /** A factor of the rate that it finds: a number or a function of the step. @defaultValue 1 */
  readonly learningRate?: Schedule | number;
  /** Decay of the mean of gradients. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: Schedule | number;
  /** Keeps the quotient finite. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
  /** The first distance, far too small. @defaultValue 1e-6 */
  readonly start?: number;
  /** λ of w ← w − ηdλw. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
}

type Hypers = Readonly<
  Record<"beta1" | "beta2" | "beta3" | "rest3" | "eps" | "growth" | "weightDecay", Hyper>
> & { readonly corrected: Schedule };

/** What is kept: means of each parameter, a weighted sum of gradients, and two numbers. */
type Kept<T> = Readonly<Record<"m" | "v" | "s", ByPath<T>>> & Readonly<Record<"r" | "d", T>>;

/**
 * Adam whose rate is a distance d that grows as far as the gradients show it, the same for all
 * parameters: w ← w − step − ηdλw, with η times what corrects Adam's means.
 *
 * @param rule the step and what is kept, of ηd too
 */
export function adamDistance(
  name: string,
  options: AdamDistanceOptions & { readonly growth?: Hyper },
  rule: <T extends Arithmetic<T>>(
    values: Kept<T> & Readonly<Record<"g" | "w" | "first", ByPath<T>>>,
    scalars: Scalars<Hypers, T>,
    eta: T,
  ) => Kept<T> & { readonly step: ByPath<T> },
): Transform {
  const { learningRate = 1, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, start = 1e-6 } = options;
  const { growth = 1, weightDecay = 0, only = () => true } = options;
  rate(name, "learningRate", learningRate);
  decay(name, "beta1", beta1, 0.9);
  decay(name, "beta2", beta2, 0.999);
  positiveRate(name, "eps", eps);
  positiveRate(name, "growth", growth);
  positive(name, "start", start);
  rate(name, "weightDecay", weightDecay);
  callable(name, "only", only);
  const hypers: Hypers = {
    ...{ beta1, beta2, eps, growth, weightDecay },
    beta3: mapped(beta2, Math.sqrt),
    rest3: mapped(beta2, (beta) => 1 - Math.sqrt(beta)),
    corrected: correctedRate(learningRate, beta1, beta2),
  };
  return together(
    name,
    { arrays: { first: "parameter", m: 0, v: 0, s: 0 }, numbers: { r: 0, d: start } },
    hypers,
    (values, now) => {
      const eta = now.corrected.mul(values.d);
      const { step, ...kept } = rule(values, now, eta);
      const updates = mapPaths(step, (x, path) => {
        const w = values.w[path]!;
        const isDecayed = !isZero(weightDecay) && only(path, w.shape);
        return (isDecayed ? x.add(w.mul(eta).mul(now.weightDecay)) : x).neg();
      });
      return { ...kept, g: updates };
    },
  );
}
