import type { Init } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { notNegative } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";
import { normal, scaled, truncatedNormal } from "./internal/scaled.js";

export interface GlorotNormalOptions {
  /** Multiplies the standard deviation. @defaultValue 1 */
  readonly gain?: number;
  /**
   * Cut at two standard deviations (and widened, so that the standard deviation stays) as in Keras;
   * `false` is a plain normal as in PyTorch. @defaultValue true
   */
  readonly truncated?: boolean;
}

/**
 * Normal, of standard deviation gain·√(2 / (fan_in + fan_out)). Keras `GlorotNormal`.
 *
 * PyTorch's `xavier_normal_` is the one with `truncated: false`. Throws a RangeError for a negative
 * gain.
 *
 * Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural
 * networks. AISTATS.
 */
export function glorotNormal(options: GlorotNormalOptions = {}): Init {
  const { gain = 1, truncated = true } = known("glorotNormal", options, "gain truncated");
  flag("glorotNormal", "truncated", truncated);
  notNegative("glorotNormal", "gain", gain);
  return initializer(
    { type: "glorotNormal", gain, truncated },
    scaled(gain, "fanAvg", truncated ? truncatedNormal : normal),
  );
}
