import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { adamDistance, type AdamDistanceOptions } from "./internal/adamDistance.js";
import { mean } from "./internal/hyper.js";
import { mapPaths } from "./internal/mapPaths.js";
import { total } from "./internal/norms.js";
import { inner, means } from "./internal/together.js";

export type DadaptAdamwOptions = AdamDistanceOptions;

/**
 * AdamW that finds its own rate: the distance d from the first parameters to the best ones, of
 * which each step gives a lower bound. `prodigy` finds it sooner. A schedule of the factor that
 * begins with 1 and falls to 0 goes with it.
 *
 * r ← √β₂ r + (1 − √β₂) ηd ⟨g, s / (√v + ε)⟩,  s ← √β₂ s + (1 − √β₂) ηd g,  m ← β₁m + (1 − β₁) ηd
 * g,  v ← β₂v + (1 − β₂) g²,  w ← w − m / (√v + ε) − ηdλw,  then d ← max(d, r / ((1 − √β₂) ‖s‖₁)),
 * with η times √(1 − β₂ᵗ) / (1 − β₁ᵗ), and s and v of the step before in r
 *
 * optax: `contrib.dadapt_adamw`. Throws a RangeError where an option is out of range. Defazio &
 * Mishchenko (2023), Learning-rate-free learning by D-adaptation, algorithm 5. arXiv:2301.07733
 */
export function dadaptAdamw(options: DadaptAdamwOptions = {}): Transform {
  const given = known(
    "dadaptAdamw",
    options,
    "learningRate beta1 beta2 eps start weightDecay only",
  );
  return adamDistance("dadaptAdamw", given, ({ g, d, ...kept }, now, eta) => {
    const over = (x: typeof g, v: typeof g) =>
      mapPaths(x, (values, path) => values.div(v[path]!.sqrt().add(now.eps)));
    const scaled = mapPaths(g, (x) => x.mul(eta));
    const r = mean(kept.r, eta.mul(inner(g, over(kept.s, kept.v))), now.beta3);
    const s = means(kept.s, scaled, now.beta3);
    const m = means(kept.m, scaled, now.beta1);
    const v = means(
      kept.v,
      mapPaths(g, (x) => x.square()),
      now.beta2,
    );
    const size = total(Object.values(s), (x) => x.abs()).mul(now.rest3);
    return { step: over(m, v), m, v, s, r, d: d.maximum(r.div(size.maximum(2 ** -126))) };
  });
}
