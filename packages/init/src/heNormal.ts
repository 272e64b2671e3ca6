import type { Init } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { notNegative, oneOf } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";
import { normal, scaled, truncatedNormal } from "./internal/scaled.js";

export interface HeNormalOptions {
  /**
   * Multiplies the standard deviation; see `gain(activation)`. @defaultValue √2, for
   * ReLU
   */
  readonly gain?: number;
  /** `"fanOut"` keeps the variance of gradients instead of values. @defaultValue "fanIn" */
  readonly mode?: "fanIn" | "fanOut";
  /**
   * Cut at two standard deviations (and widened, so that the standard deviation stays) as in Keras;
   * `false` is a plain normal as in PyTorch. @defaultValue true
   */
  readonly truncated?: boolean;
}

/**
 * Normal, of standard deviation gain / √fan_in. Keras `HeNormal`.
 *
 * PyTorch's `kaiming_normal_` is the one with `truncated: false`. Throws a RangeError for a
 * negative gain.
 *
 * He, Zhang, Ren & Sun (2015), Delving deep into rectifiers. arXiv:1502.01852
 */
export function heNormal(options: HeNormalOptions = {}): Init {
  const {
    gain = 1.4142135623730951,
    mode = "fanIn",
    truncated = true,
  } = known("heNormal", options, "gain mode truncated");
  flag("heNormal", "truncated", truncated);
  notNegative("heNormal", "gain", gain);
  oneOf("heNormal", "mode", mode, ["fanIn", "fanOut"]);
  return initializer(
    { type: "heNormal", gain, mode, truncated },
    scaled(gain, mode, truncated ? truncatedNormal : normal),
  );
}
