import type { Init } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { notNegative } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";
import { normal, scaled, truncatedNormal } from "./internal/scaled.js";

export interface LecunNormalOptions {
  /** Multiplies the standard deviation. @defaultValue 1 */
  readonly gain?: number;
  /**
   * Cut at two standard deviations (and widened, so that the standard deviation stays) as in Keras;
   * `false` is a plain normal as in PyTorch. @defaultValue true
   */
  readonly truncated?: boolean;
}

/**
 * Normal, of standard deviation gain / √fan_in. Keras `LecunNormal`.
 *
 * Self-normalizing networks (SELU) need this one. Throws a RangeError for a negative gain.
 *
 * LeCun, Bottou, Orr & Müller (1998), Efficient BackProp. doi:10.1007/3-540-49430-8_2
 */
export function lecunNormal(options: LecunNormalOptions = {}): Init {
  const { gain = 1, truncated = true } = known("lecunNormal", options, "gain truncated");
  flag("lecunNormal", "truncated", truncated);
  notNegative("lecunNormal", "gain", gain);
  return initializer(
    { type: "lecunNormal", gain, truncated },
    scaled(gain, "fanIn", truncated ? truncatedNormal : normal),
  );
}
