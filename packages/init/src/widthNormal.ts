import type { Init } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { normal } from "@tenon/random";
import { fans } from "./fans.js";
import { oneOf } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface WidthNormalOptions {
  /**
   * Whether n counts the units of the layer (fan_out) or the inputs of each of them (fan_in).
   * @defaultValue "fanOut"
   */
  readonly mode?: "fanIn" | "fanOut";
  /**
   * Whether 1/n is the variance, or the standard deviation as in N(μ, σ). @defaultValue "variance"
   */
  readonly of?: "variance" | "std";
}

/**
 * Plain normal of variance 1/n for a layer of n units: the tutorial's N(0, 1/n).
 *
 * Read as N(μ, σ²), the usual notation, with n the layer's width. The options are the other
 * readings: `mode: "fanIn"` makes it the same as `fanInNormal`, `of: "std"` makes 1/n the
 * standard deviation. n counts as at least 1.
 */
export function widthNormal(options: WidthNormalOptions = {}): Init {
  const { mode = "fanOut", of = "variance" } = known("widthNormal", options, "mode of");
  oneOf("widthNormal", "mode", mode, ["fanIn", "fanOut"]);
  oneOf("widthNormal", "of", of, ["variance", "std"]);
  return initializer({ type: "widthNormal", mode, of }, (values, shape, rng) => {
    const n = Math.max(1, fans(shape)[mode]);
    const std = of === "variance" ? 1 / Math.sqrt(n) : 1 / n;
    for (let i = 0; i < values.length; i++) values[i] = normal(rng, 0, std);
  });
}
