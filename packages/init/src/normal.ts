import type { Init } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { normal as draw } from "@tenon/random";
import { finite, notNegative } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface NormalOptions {
  /** @defaultValue 0 */
  readonly mean?: number;
  /** @defaultValue 0.05 */
  readonly std?: number;
}

/**
 * Normal: N(mean, std²). Keras' defaults; PyTorch's standard deviation is 1. Throws a RangeError
 * unless mean is finite and 0 ≤ std < ∞. Keras `RandomNormal`, PyTorch `normal_`.
 */
export function normal(options: NormalOptions = {}): Init {
  const { mean = 0, std = 0.05 } = known("normal", options, "mean std");
  finite("normal", "mean", mean);
  notNegative("normal", "std", std);
  return initializer({ type: "normal", mean, std }, (values, _, rng) => {
    for (let i = 0; i < values.length; i++) values[i] = draw(rng, mean, std);
  });
}
