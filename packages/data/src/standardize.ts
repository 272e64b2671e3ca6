import { badArgument, known, shown, sizeOf } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkInMemory } from "./internal/check.js";
import type { Scaling } from "./scaling.js";

export interface StandardizeOptions {
  /**
   * What has a mean and a standard deviation of its own: the whole array, each channel (the last
   * axis), or each element of an example. @defaultValue "channel" where examples have one axis, as
   * the columns of a table, else "all"
   */
  readonly per?: "all" | "channel" | "place";
}

/**
 * The scaling that gives the examples mean 0 and standard deviation 1. Fit it on the training set,
 * then use it on both sets.
 *
 * center = mean(x), scale = √mean((x − center)²), in float64 over all examples; a standard
 * deviation of 0 becomes 1.
 *
 * Throws where the dataset is scaled already, or a value is not finite.
 */
export function standardize(train: InMemoryDataset, options: StandardizeOptions = {}): Scaling {
  const given = known("standardize", options, "per");
  checkInMemory("standardize", train);
  if (train.units)
    throw badArgument(
      "standardize",
      "a dataset without a scaling",
      "one that has one",
      "fit on the one it was made from",
    );
  const { shape } = train.x;
  const { per = shape.length === 1 ? "channel" : "all" } = given;
  const { data } = train.source.x;
  const width = sizeOf(shape);
  const period = { all: 1, channel: shape.at(-1) ?? 1, place: width }[per];
  if (period === undefined)
    throw badArgument("standardize", 'per to be "all", "channel" or "place"', shown(per));
  const perSum = (train.size * width) / period;

  /**
   * The mean of (x − center)^power for each group; summed by example first, so that
   * rounding does not pile up.
   */
  const moments = (power: 1 | 2, centers: Float64Array): Float64Array => {
    const sums = new Float64Array(period);
    const example = new Float64Array(period);
    for (let i = 0; i < train.size; i++) {
      const begin = (train.order ? train.order[i] : i) * width;
      example.fill(0);
      for (let j = 0, group = 0; j < width; j++) {
        const difference = data[begin + j] - centers[group];
        example[group] += power === 2 ? difference * difference : difference;
        if (++group === period) group = 0;
      }
      for (let group = 0; group < period; group++) sums[group] += example[group];
    }
    return sums.map((sum) => sum / perSum);
  };

  const means = moments(1, new Float64Array(period));
  const center = [...means];
  const scale = [...moments(2, means)].map((variance) => Math.sqrt(variance) || 1);
  if (![...center, ...scale].every(Number.isFinite))
    throw badArgument("standardize", "finite values", "NaN or infinity among the examples");
  return per === "all" ? { center: center[0], scale: scale[0] } : { center, scale };
}
