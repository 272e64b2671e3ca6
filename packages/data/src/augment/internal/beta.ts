import type { Rng } from "@tenon/contracts";
import { exp, log, normal } from "@tenon/random";

/** A number of the beta distribution B(α, α), from two of the gamma distribution. */
export function beta(rng: Rng, alpha: number): number {
  const [a, b] = [logGamma(rng, alpha), logGamma(rng, alpha)];
  // By logarithms, since numbers of a small α may be smaller than the smallest double.
  return 1 / (1 + exp(b - a));
}

/**
 * The logarithm of a number of the gamma distribution with shape α and scale 1.
 *
 * Marsaglia & Tsang (2000), A simple method for generating gamma variables.
 */
function logGamma(rng: Rng, alpha: number): number {
  if (alpha < 1) return logGamma(rng, alpha + 1) + log(1 - rng()) / alpha;
  const d = alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(rng);
    const v = 1 + c * x;
    if (v <= 0) continue;
    const cube = v * v * v;
    if (log(1 - rng()) < (x * x) / 2 + d * (1 - cube + log(cube))) return log(d * cube);
  }
}
