import type { Init } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { truncatedNormal as draw } from "@tenon/random";
import { cutStd } from "./internal/cutNormal.js";
import { finite, notNegative, oneOf } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface TruncatedNormalOptions {
  /** The mean of the normal that is cut. @defaultValue 0 */
  readonly mean?: number;
  /** The standard deviation that `cut` names. @defaultValue 0.05 */
  readonly std?: number;
  /** @defaultValue -2 */
  readonly low?: number;
  /** @defaultValue 2 */
  readonly high?: number;
  /**
   * What the other options mean.
   * - `"corrected"`: `std` is what the values have in the end, so the normal that is cut is
   *   wider: for ±2 by
   *   1 / 0.87962566103423978. `low` and `high` count its standard deviations.
   * - `"plain"`: `std` is that of the normal before the cut, and `low` and `high` count it.
   *   Keras' TruncatedNormal.
   * - `"absolute"`: `std` is that of the normal before the cut; `low` and `high` are values.
   *   PyTorch's `trunc_normal_`,
   *   whose standard deviation is 1 if not given.
   * @defaultValue "corrected"
   */
  readonly cut?: "corrected" | "plain" | "absolute";
}

/**
 * Normal without far values: values beyond the bounds are drawn again. Keras `TruncatedNormal`,
 * PyTorch `trunc_normal_`.
 *
 * Throws a RangeError unless all values are finite, std ≥ 0 and low < high.
 */
export function truncatedNormal(options: TruncatedNormalOptions = {}): Init {
  const {
    mean = 0,
    std = 0.05,
    low = -2,
    high = 2,
    cut = "corrected",
  } = known("truncatedNormal", options, "mean std low high cut");
  finite("truncatedNormal", "mean", mean);
  notNegative("truncatedNormal", "std", std);
  finite("truncatedNormal", "low", low);
  finite("truncatedNormal", "high", high);
  oneOf("truncatedNormal", "cut", cut, ["corrected", "plain", "absolute"]);
  if (!(low < high))
    throw badArgument("truncatedNormal", "low < high", `low ${low} and high ${high}`);
  if (cut === "absolute" && std === 0)
    throw badArgument("truncatedNormal", "std > 0 with absolute bounds", "0", "use constant");
  const parent = cut === "corrected" ? std / cutStd(low, high) : std;
  const from = cut === "absolute" ? (low - mean) / parent : low;
  const to = cut === "absolute" ? (high - mean) / parent : high;
  return initializer({ type: "truncatedNormal", mean, std, low, high, cut }, (values, _, rng) => {
    for (let i = 0; i < values.length; i++) values[i] = draw(rng, mean, parent, from, to);
  });
}
