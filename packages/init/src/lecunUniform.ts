import type { Init } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";
import { scaled, uniform } from "./internal/scaled.js";

export interface LecunUniformOptions {
  /** Multiplies the standard deviation. @defaultValue 1 */
  readonly gain?: number;
}

/**
 * Uniform, of standard deviation gain / √fan_in: U(−b, b) with b = gain·√(3 / fan_in). Keras
 * `LecunUniform`.
 *
 * With gain 1/√3 this is what PyTorch's Linear and Conv2d start with, U(±1/√fan_in). Throws a
 * RangeError for a negative gain.
 *
 * LeCun, Bottou, Orr & Müller (1998), Efficient BackProp. doi:10.1007/3-540-49430-8_2
 */
export function lecunUniform(options: LecunUniformOptions = {}): Init {
  const { gain = 1 } = known("lecunUniform", options, "gain");
  notNegative("lecunUniform", "gain", gain);
  return initializer({ type: "lecunUniform", gain }, scaled(gain, "fanIn", uniform));
}
