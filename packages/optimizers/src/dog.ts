import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { byDistance } from "./internal/byDistance.js";

export interface DogOptions {
  /** A factor of the rate that it finds: a number or a function of the step. @defaultValue 1 */
  readonly learningRate?: Schedule | number;
  /**
   * The first distance, as a fraction of 1 + ‖w₀‖; the paper has 1e-4 for networks with batch
   * normalization. @defaultValue 1e-6
   */
  readonly start?: number;
  /** Keeps the quotient finite. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
}

/**
 * Gradient descent that finds its rate, distance over gradients: how far the parameters have come,
 * over the root of all squared gradients. It needs an average of the parameters at the end of the
 * chain, such as `ema` of @tenon/regularizers.
 *
 * d ← max(d, ‖w − w₀‖), at least α (1 + ‖w₀‖),  s ← s + ‖g‖²,  w ← w − η d g / √(s + ε), with norms
 * of all parameters together
 *
 * optax: `contrib.dog`. Weight decay is `addDecayedWeights` before it. Throws a RangeError where an
 * option is out of range. Ivgi, Hinder & Carmon (2023), DoG is SGD's best friend, equation 1.
 * arXiv:2302.12022
 */
export function dog(options: DogOptions = {}): Transform {
  const {
    learningRate = 1,
    start = 1e-6,
    eps = 1e-8,
  } = known("dog", options, "learningRate start eps");
  return byDistance(
    "dog",
    { learningRate, start, eps },
    {
      least: (norm) => norm.add(1).mul(start),
      term: (_, squares) => squares,
      rate: (d, sum, eps) => d.div(sum.add(eps).sqrt()),
    },
  );
}
