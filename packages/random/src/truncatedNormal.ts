import type { Rng } from "@tenon/contracts";
import { badArgument, callable, isFiniteNumber, shown } from "@tenon/guards";
import { exp } from "./exp.js";
import { quantile } from "./internal/quantile.js";
import { log } from "./log.js";

/**
 * A number of the normal distribution, given that it is between mean + low·std and mean +
 * high·std.
 *
 * `low` and `high` count standard deviations of the uncut normal; either may be infinite. Cut at ±2
 * the standard deviation that is left is 0.87962566103423978 of `std`: divide by that to get the
 * standard deviation you mean. Exact: values outside are drawn again, and where that would take
 * long (narrow or far intervals) from a uniform or exponential envelope. Throws a RangeError unless
 * mean is finite, 0 ≤ std < ∞ and low < high.
 *
 * Robert (1995), Simulation of truncated normal variables. arXiv:0907.4010
 */
export function truncatedNormal(
  rng: Rng,
  mean: number = 0,
  std: number = 1,
  low: number = -2,
  high: number = 2,
): number {
  callable("truncatedNormal", "rng", rng);
  if (!isFiniteNumber(std) || std < 0)
    throw badArgument("truncatedNormal", "a finite std ≥ 0", shown(std));
  if (!isFiniteNumber(mean)) throw badArgument("truncatedNormal", "a finite mean", shown(mean));
  if (typeof low !== "number" || typeof high !== "number" || !(low < high))
    throw badArgument("truncatedNormal", "low < high", `low ${shown(low)} and high ${shown(high)}`);
  // An interval on the right of the mean is the mirror image of one on the left.
  const z = low >= -high ? standard(rng, low, high) : -standard(rng, -high, -low);
  return mean + std * z;
}

/**
 * Low ≥ −high: the interval's middle is not on the left of 0. Each envelope below accepts at least
 * one in eight.
 */
function standard(rng: Rng, low: number, high: number): number {
  const width = high - low;
  const plain = low <= 0.25 && width >= 1.5;
  const flat = low <= 0 || width * low < 2;
  const nearest = low > 0 ? low : 0; // where the density is highest
  // The rate at which Robert's exponential is accepted most often. The square of a far bound would
  // overflow.
  const rate = low > 1e100 ? low : (low + Math.sqrt(low * low + 4)) / 2;
  for (let tries = 0; tries < 1000; tries++) {
    if (plain) {
      const z = quantile(rng());
      if (z >= low && z <= high) return z;
    } else if (flat) {
      const z = low + width * rng();
      if (rng() <= exp(((nearest - z) * (nearest + z)) / 2)) return z;
    } else {
      const z = low - log(1 - rng()) / rate;
      const off = z - rate;
      if (z <= high && rng() <= exp((-off * off) / 2)) return z;
    }
  }
  throw badArgument(
    "truncatedNormal",
    "a source uniform in [0, 1)",
    "one with 1000 values in a row that do not fit",
    "use random(seed)",
  );
}
