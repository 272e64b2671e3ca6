import type { Init } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { normal } from "@tenon/random";
import { fans } from "./fans.js";
import { oneOf } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface WidthNormalOptions {
  /**
   * Whether n counts the units of the layer (fan_out) or what each of them sees (fan_in).
   * @defaultValue "fanOut"
   */
  readonly mode?: "fanIn" | "fanOut";
  /** Whether 1/n is the variance, or the deviation as in N(μ, σ). @defaultValue "variance" */
  readonly of?: "variance" | "deviation";
}

/**
 * Plain normal of variance 1/n for a layer of n units: the tutorial's N(0, 1/n).
 *
 * Read as N(μ, σ²), the usual notation, with n the layer's width. The options are the other
 * readings: `mode: "fanIn"` makes it the same as `fanInNormal`, `of: "deviation"` makes 1/n the
 * deviation. n counts as at least 1.
 */
export function widthNormal(options: WidthNormalOptions = {}): Init {
  const { mode = "fanOut", of = "variance" } = known("widthNormal", options, "mode of");
  oneOf("widthNormal", "mode", mode, ["fanIn", "fanOut"]);
  oneOf("widthNormal", "of", of, ["variance", "deviation"]);
  return initializer({ type: "widthNormal", mode, of }, (values, shape, rng) => {
    const n = Math.max(1, fans(shape)[mode]);
    const deviation = of === "variance" ? 1 / Math.sqrt(n) : 1 / n;
    for (let i = 0; i < values.length; i++) values[i] = normal(rng, 0, deviation);
  });
}
