import type { Init } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative, oneOf } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";
import { scaled, uniform } from "./internal/scaled.js";

export interface HeUniformOptions {
  /**
   * Multiplies the standard deviation; see `gain(activation)`. @defaultValue √2, for
   * ReLU
   */
  readonly gain?: number;
  /** `"fanOut"` keeps the variance of gradients instead of values. @defaultValue "fanIn" */
  readonly mode?: "fanIn" | "fanOut";
}

/**
 * Uniform, of standard deviation gain / √fan_in: U(−b, b) with b = gain·√(3 / fan_in). Keras
 * `HeUniform`, PyTorch `kaiming_uniform_`.
 *
 * Throws a RangeError for a negative gain.
 *
 * He, Zhang, Ren & Sun (2015), Delving deep into rectifiers. arXiv:1502.01852
 */
export function heUniform(options: HeUniformOptions = {}): Init {
  const { gain = 1.4142135623730951, mode = "fanIn" } = known("heUniform", options, "gain mode");
  notNegative("heUniform", "gain", gain);
  oneOf("heUniform", "mode", mode, ["fanIn", "fanOut"]);
  return initializer({ type: "heUniform", gain, mode }, scaled(gain, mode, uniform));
}
