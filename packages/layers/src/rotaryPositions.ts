import { badArgument, known } from "@tenon/guards";
import { activation, type Activation } from "./activation.js";
import { rotated } from "./internal/angles.js";
import { checkPositive, show } from "./internal/check.js";

export interface RotaryPositionsOptions {
  /** The slowest frequencies are about 1 / base. @defaultValue 10000 */
  readonly base?: number;
}

/**
 * Turns pairs of elements by an angle that grows with the place, so that the product of a query and
 * a key depends on the distance of their places: (a, b) ← (a cos φ − b sin φ, b cos φ + a sin φ), φ
 * = p · base^(−2j / size).
 *
 * […, places, size] with an even size; a is element j of the first half, b element j of the second.
 * Attention rotates its queries and keys itself with its option `rotary`.
 *
 * Su et al. (2021), RoFormer: enhanced transformer with rotary position embedding, eq. 34.
 * arXiv:2104.09864
 */
export function rotaryPositions(options: RotaryPositionsOptions = {}): Activation {
  const { base = 10000 } = known("rotaryPositions", options, "base");
  checkPositive("rotaryPositions", "base", base);
  return activation(
    "rotaryPositions",
    (x) => {
      const size = x.shape.at(-1);
      if (x.shape.length < 2 || size! % 2 !== 0)
        throw badArgument("rotaryPositions", "[places, size], size even", show(x.shape.slice(1)));
      return rotated(x, base);
    },
    options,
  );
}
