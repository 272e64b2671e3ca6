import type { Init } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";
import { scaled, uniform } from "./internal/scaled.js";

export interface GlorotUniformOptions {
  /** Multiplies the standard deviation. @defaultValue 1 */
  readonly gain?: number;
}

/**
 * Uniform, of variance 2·gain² / (fan_in + fan_out): U(−b, b) with b = gain·√(6 / (fan_in +
 * fan_out)). Keras `GlorotUniform`, PyTorch `xavier_uniform_`.
 *
 * Throws a RangeError for a negative gain.
 *
 * Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural
 * networks. AISTATS.
 */
export function glorotUniform(options: GlorotUniformOptions = {}): Init {
  const { gain = 1 } = known("glorotUniform", options, "gain");
  notNegative("glorotUniform", "gain", gain);
  return initializer({ type: "glorotUniform", gain }, scaled(gain, "fanAvg", uniform));
}
