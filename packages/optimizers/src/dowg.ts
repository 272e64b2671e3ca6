import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { byDistance } from "./internal/byDistance.js";

export interface DowgOptions {
  /** A factor of the rate that it finds: a number or a function of the step. @defaultValue 1 */
  readonly learningRate?: Schedule | number;
  /** The first distance. @defaultValue 0.01 */
  readonly start?: number;
  /** Keeps the quotient finite. @defaultValue 1e-4 */
  readonly eps?: Schedule | number;
}

/**
 * Gradient descent that finds its rate, distance over weighted gradients: as `dog`, but gradients
 * count more the farther the parameters have come, so that early ones do not slow down the end.
 *
 * d ← max(d, ‖w − w₀‖),  s ← s + d² ‖g‖²,  w ← w − η d² g / (√s + ε), with norms of all parameters
 * together
 *
 * optax: `contrib.dowg`, which starts with d² = ε. Weight decay is `addDecayedWeights` before it.
 * Throws a RangeError where an option is out of range. Khaled, Mishchenko & Jin (2023), DoWG
 * unleashed, algorithm 1. arXiv:2305.16284
 */
export function dowg(options: DowgOptions = {}): Transform {
  const {
    learningRate = 1,
    start = 0.01,
    eps = 1e-4,
  } = known("dowg", options, "learningRate start eps");
  return byDistance(
    "dowg",
    { learningRate, start, eps },
    {
      least: () => start,
      term: (d, squares) => d.square().mul(squares),
      rate: (d, sum, eps) => d.square().div(sum.sqrt().add(eps)),
    },
  );
}
