import type { Init } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { normal as draw } from "@tenon/random";
import { finite, notNegative } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface NormalOptions {
  /** @defaultValue 0 */
  readonly mean?: number;
  /** @defaultValue 0.05 */
  readonly deviation?: number;
}

/**
 * Normal: N(mean, deviation²). Keras' defaults; PyTorch's deviation is 1. Throws a RangeError
 * unless mean is finite and 0 ≤ deviation < ∞.
 */
export function normal(options: NormalOptions = {}): Init {
  const { mean = 0, deviation = 0.05 } = known("normal", options, "mean deviation");
  finite("normal", "mean", mean);
  notNegative("normal", "deviation", deviation);
  return initializer({ type: "normal", mean, deviation }, (values, _, rng) => {
    for (let i = 0; i < values.length; i++) values[i] = draw(rng, mean, deviation);
  });
}
