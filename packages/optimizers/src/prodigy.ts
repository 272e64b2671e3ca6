import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { adamDistance, type AdamDistanceOptions } from "./internal/adamDistance.js";
import { mean } from "./internal/hyper.js";
import { mapPaths } from "./internal/mapPaths.js";
import { total } from "./internal/norms.js";
import { inner, means } from "./internal/together.js";

export interface ProdigyOptions extends AdamDistanceOptions {
  /** A factor of the distance that it finds. @defaultValue 1 */
  readonly growth?: Schedule | number;
}

/**
 * Adam that finds its own rate: the distance d from the first parameters to the best ones, as far
 * as the gradients show it. `averageUpdates` or a schedule of the factor may be added; the factor
 * itself stays near 1.
 *
 * r ← √β₂ r + (1 − √β₂) η d² ⟨g, w₀ − w⟩,  s ← √β₂ s + (1 − √β₂) η d² g,  m ← β₁m + (1 − β₁) d g,
 * v ← β₂v + (1 − β₂) d² g²,  D ← max(d, r / ‖s‖₁),  w ← w − η d m / (√v + Dε),  then d ← D, with η
 * times √(1 − β₂ᵗ) / (1 − β₁ᵗ); the paper has dε
 *
 * optax: `contrib.prodigy`. Throws a RangeError where an option is out of range. Mishchenko &
 * Defazio (2024), Prodigy: an expeditiously adaptive parameter-free learner, algorithm 4.
 * arXiv:2306.06101
 */
export function prodigy(options: ProdigyOptions = {}): Transform {
  const given = known(
    "prodigy",
    options,
    "learningRate beta1 beta2 eps start growth weightDecay only",
  );
  const { start = 1e-6 } = given;
  return adamDistance("prodigy", given, ({ g, w, first, d, ...kept }, now, eta) => {
    // In units of the first distance, whose square would be tiny.
    const inUnits = eta.mul(d.div(start));
    const way = mapPaths(first, (x, path) => x.sub(w[path]!));
    const r = mean(kept.r, inUnits.mul(inner(g, way)), now.beta3);
    const times = (factor: typeof d) => mapPaths(g, (x) => x.mul(factor));
    const s = means(kept.s, times(inUnits), now.beta3);
    const m = means(kept.m, times(d), now.beta1);
    const v = means(
      kept.v,
      mapPaths(times(d), (x) => x.square()),
      now.beta2,
    );
    const size = total(Object.values(s), (x) => x.abs());
    const found = d.maximum(r.div(size.maximum(2 ** -126)).mul(now.growth));
    return {
      step: mapPaths(m, (x, path) => x.div(v[path]!.sqrt().add(found.mul(now.eps))).mul(eta)),
      ...{ m, v, s, r },
      d: found,
    };
  });
}
