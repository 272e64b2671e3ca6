import type { Arithmetic, ByPath, Schedule, Transform } from "@tenon/contracts";
import { flag } from "@tenon/guards";
import { finite, rate } from "./guards.js";
import { madeOf, mean, type Hyper } from "./hyper.js";
import { lossOf } from "./lossOf.js";
import { mapPaths } from "./mapPaths.js";
import { inner, means, together } from "./together.js";

/** The options of momentum whose rate is from a model of the loss. */
export interface MomentumModelOptions {
  /** The lowest value of the loss that is possible. @defaultValue 0 */
  readonly lowerBound?: number;
  /**
   * Whether a larger lower bound is estimated on the way, from that one. @defaultValue false
   */
  readonly adaptLowerBound?: boolean;
  /** λ of w ← w / (1 + ηλ) in each step. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
}

/** What is a rule's own. */
interface Model {
  readonly learningRate: Hyper;
  /** How much of the means is kept. */
  readonly kept: Hyper;
  /** ρ: how much all that came in the means counts together. */
  readonly weight: Hyper;
  /** How much of the mean of squares is kept, and of the squares themselves; without, none is. */
  readonly squares?: { readonly beta2: Hyper; readonly correction2: Hyper; readonly eps: Hyper };
}

/**
 * Means of the loss f, of ⟨g, w⟩ γ, and of gradients m are a model of the loss, linear from each of
 * the places where it was computed. The rate is that by which the model comes to the lower bound f*
 * along m / D, with D = 1 or Adam's root, up to a largest one:
 *
 * τ = min(η / ρ, max((1 + ηλ)(f − ρf* − γ) + ⟨m, w⟩, 0) / ⟨m, m / D⟩),  w ← w / (1 + ηλ) − τ m / D
 */
export function momentumModel(
  name: string,
  { lowerBound = 0, adaptLowerBound = false, weightDecay = 0 }: MomentumModelOptions,
  { learningRate, kept, weight, squares }: Model,
): Transform {
  rate(name, "learningRate", learningRate);
  rate(name, "weightDecay", weightDecay);
  finite(name, "lowerBound", lowerBound);
  flag(name, "adaptLowerBound", adaptLowerBound);
  const { beta2 = 0, correction2 = 1, eps = 0 } = squares ?? {};
  const hypers = {
    ...{ kept, weight, beta2, correction2, eps },
    most: madeOf([learningRate, weight], (eta, rho) => (step) => eta(step) / rho(step)),
    growth: madeOf([learningRate, weightDecay], (eta, by) => (step) => 1 + eta(step) * by(step)),
    pull: madeOf([learningRate, weightDecay], (eta, by) => (step) => {
      const product = eta(step) * by(step);
      return product / (1 + product);
    }),
  };
  return together(
    name,
    {
      arrays: { m: 0, ...(squares && { v: 0 }) } as Readonly<Record<"m" | "v", 0>>,
      numbers: {
        ...{ loss: 0, product: 0 },
        ...(adaptLowerBound && { bound: lowerBound }),
      } as Readonly<Record<"loss" | "product" | "bound", number>>,
    },
    hypers,
    ({ g, w, ...before }, now, clock) => {
      const loss = mean(before.loss, lossOf(name, clock), now.kept);
      const product = mean(before.product, inner(g, w), now.kept);
      const m = means(before.m, g, now.kept);
      const v = squares && means(before.v, squared(g), now.beta2);
      const way =
        v === undefined
          ? m
          : mapPaths(m, (x, path) => x.div(v[path]!.mul(now.correction2).sqrt().add(now.eps)));
      const size = inner(m, way);
      const along = inner(m, w);
      const height = loss.sub(product).mul(now.growth).add(along);
      // What a lower bound takes away of the height.
      const share = now.growth.mul(now.weight);
      const raised = adaptLowerBound
        ? loweredBound(before.bound, height, share, lowerBound)
        : undefined;
      const gap = height.sub(raised?.mul(share) ?? share.mul(lowerBound)).maximum(0);
      const step = gap.div(size.maximum(2 ** -126)).minimum(now.most);
      return {
        g: mapPaths(way, (x, path) => x.mul(step).add(w[path]!.mul(now.pull)).neg()),
        ...{ loss, product, m, ...(v && { v }) },
        bound: loss
          .sub(product)
          .add(along)
          .sub(step.mul(size).mul(0.5))
          .div(now.weight)
          .maximum(lowerBound),
      };
    },
  );
}

const squared = <T extends Arithmetic<T>>(arrays: ByPath<T>): ByPath<T> =>
  mapPaths(arrays, (x) => x.square());

/**
 * The bound, or half of what the model is at its height where that is below the bound; 1 and 0
 * choose.
 */
function loweredBound<T extends Arithmetic<T>>(bound: T, height: T, share: T, least: number): T {
  const isAbove = bound.mul(share).sub(height).sign().maximum(0);
  const lower = height.div(share.mul(2)).maximum(least);
  return lower.mul(isAbove).add(bound.mul(isAbove.neg().add(1)));
}
