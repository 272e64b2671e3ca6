import type {
  Arithmetic,
  ByPath,
  Clock,
  Flow,
  Schedule,
  Shape,
  SlotSpec,
  Transform,
} from "@tenon/contracts";
import { callable, known } from "@tenon/guards";
import type { AddDecayedWeightsOptions } from "./addDecayedWeights.js";
import { decay, positive, positiveRate, rate } from "./internal/guards.js";
import { madeOf, mapped, mean, scalarsAt } from "./internal/hyper.js";
import { mapPaths } from "./internal/mapPaths.js";
import { total } from "./internal/norms.js";
import { power } from "./internal/power.js";
import { isZero } from "./internal/rootOf.js";

export interface ProdigyOptions extends AddDecayedWeightsOptions {
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
  /** A factor of the distance that it finds. @defaultValue 1 */
  readonly growth?: Schedule | number;
  /** λ of w ← w − ηdλw. @defaultValue 0 */
  readonly weightDecay?: Schedule | number;
}

/** Slots of each parameter's shape, and of one number, which is the same for all parameters. */
const arrays = ["m", "v", "s"] as const;
const scalars = ["r", "d"] as const;

/**
 * Adam that finds its own rate: the distance d from the first parameters to the best ones, as far
 * as the gradients show it. `averageUpdates` or a schedule of the factor may be added; the factor
 * itself stays near 1.
 *
 * r ← √β₂ r + (1 − √β₂) η d² ⟨g, w₀ − w⟩,  s ← √β₂ s + (1 − √β₂) η d² g,  m ← β₁m + (1 − β₁) d g,
 * v ← β₂v + (1 − β₂) d² g²,  w ← w − η d m / (√v + dε),  then d ← max(d, r / ‖s‖₁), with η times
 * √(1 − β₂ᵗ) / (1 − β₁ᵗ)
 *
 * optax: `contrib.prodigy`. Throws a RangeError where an option is out of range. Mishchenko &
 * Defazio (2024), Prodigy: an expeditiously adaptive parameter-free learner, algorithm 4.
 * arXiv:2306.06101
 */
export function prodigy(options: ProdigyOptions = {}): Transform {
  const {
    learningRate = 1,
    beta1 = 0.9,
    beta2 = 0.999,
    eps = 1e-8,
    start = 1e-6,
    growth = 1,
    weightDecay = 0,
    only = () => true,
  } = known("prodigy", options, "learningRate beta1 beta2 eps start growth weightDecay only");
  rate("prodigy", "learningRate", learningRate);
  decay("prodigy", "beta1", beta1, 0.9);
  decay("prodigy", "beta2", beta2, 0.999);
  positiveRate("prodigy", "eps", eps);
  positiveRate("prodigy", "growth", growth);
  positive("prodigy", "start", start);
  rate("prodigy", "weightDecay", weightDecay);
  callable("prodigy", "only", only);
  const hypers = {
    ...{ beta1, beta2, eps, growth, weightDecay },
    beta3: mapped(beta2, Math.sqrt),
    corrected: madeOf([learningRate, beta1, beta2], (at, ...betas) => (step) => {
      const [rest1, rest2] = betas.map((beta) => 1 - power(beta(step), step + 1));
      return (at(step) * Math.sqrt(rest2!)) / rest1!;
    }),
  };
  return {
    name: "prodigy",
    slots: (shapes) => slotsOf(shapes, start),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const [any] = Object.keys(updates);
      if (any === undefined) return { updates, params, slots };
      const now = scalarsAt(clock, hypers);
      const of = (slot: string, path: string): T => slots[`prodigy/${slot}`]![path]!;
      const d = of("d", any);
      const eta = now.corrected.mul(d);
      // In units of the first distance, whose square would be tiny.
      const inUnits = eta.mul(d.div(start));
      const way = mapPaths(updates, (g, path) => g.mul(of("first", path).sub(params[path]!)));
      const along = total(Object.values(way), (x) => x);
      const r = mean(of("r", any), inUnits.mul(along), now.beta3);
      const next = (slot: string, beta: T | number, fresh: (g: T) => T): ByPath<T> =>
        mapPaths(updates, (g, path) => mean(of(slot, path), fresh(g), beta));
      const s = next("s", now.beta3, (g) => g.mul(inUnits));
      const m = next("m", now.beta1, (g) => g.mul(d));
      const v = next("v", now.beta2, (g) => g.mul(d).square());
      const size = total(Object.values(s), (x) => x.abs());
      const found = d.maximum(r.div(size.maximum(2 ** -126)).mul(now.growth));
      return {
        updates: mapPaths(updates, (_, path) => {
          const step = m[path]!.div(v[path]!.sqrt().add(d.mul(now.eps)));
          const w = params[path]!;
          const isDecayed = !isZero(weightDecay) && only(path, w.shape);
          return (isDecayed ? step.add(w.mul(now.weightDecay)) : step).mul(eta).neg();
        }),
        params,
        slots: {
          ...slots,
          "prodigy/m": m,
          "prodigy/v": v,
          "prodigy/s": s,
          "prodigy/r": mapPaths(updates, () => r),
          "prodigy/d": mapPaths(updates, () => found),
        },
      };
    },
  };
}

function slotsOf(shapes: ByPath<Shape>, distance: number): ByPath<ByPath<SlotSpec>> {
  const specs = (names: readonly string[], of: (shape: Shape, slot: string) => SlotSpec) =>
    Object.fromEntries(
      names.map((slot) => [`prodigy/${slot}`, mapPaths(shapes, (shape) => of(shape, slot))]),
    );
  return {
    ...specs(["first"], (shape) => ({ shape, start: "parameter" })),
    ...specs(arrays, (shape) => ({ shape, start: 0 })),
    ...specs(scalars, (_, slot) => ({ shape: [], start: slot === "d" ? distance : 0 })),
  };
}
