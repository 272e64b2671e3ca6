import type { Init } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { uniform as draw } from "@tenon/random";
import { finite } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface UniformOptions {
  /** @defaultValue -0.05 */
  readonly low?: number;
  /** @defaultValue 0.05 */
  readonly high?: number;
}

/**
 * Uniform between two bounds: U(low, high). Keras' defaults; PyTorch's are 0 and 1. Throws a
 * RangeError unless low ≤ high, both finite. Keras `RandomUniform`, PyTorch `uniform_`.
 */
export function uniform(options: UniformOptions = {}): Init {
  const { low = -0.05, high = 0.05 } = known("uniform", options, "low high");
  finite("uniform", "low", low);
  finite("uniform", "high", high);
  if (!(low <= high)) throw badArgument("uniform", "low ≤ high", `low ${low} and high ${high}`);
  return initializer({ type: "uniform", low, high }, (values, _, rng) => {
    for (let i = 0; i < values.length; i++) values[i] = draw(rng, low, high);
  });
}
