import type { BatchOptions, Dataset } from "@tenon/contracts";
import { badArgument, isFiniteNumber, known, list, whole } from "@tenon/guards";
import { random } from "@tenon/random";
import { classWeights } from "./classWeights.js";
import type { InMemoryDataset } from "./dataset.js";
import { asked } from "./internal/asked.js";
import { labelsOf } from "./internal/byClass.js";
import { checkInMemory } from "./internal/check.js";
import { subset } from "./subset.js";

export interface SampledOptions {
  /**
   * How likely each example is to be drawn, in proportion to the others; or that each class is as
   * likely as any other. @defaultValue "balanced"
   */
  readonly weights?: "balanced" | ArrayLike<number>;
  /** How many examples an epoch has. @defaultValue as many as the dataset */
  readonly size?: number;
}

/**
 * A dataset whose epochs are drawn from another one's examples with replacement, each in proportion
 * to its weight: of classes of different sizes, a batch has equally many of each on average.
 *
 * An epoch is drawn from (seed, epoch) alone; without a seed it is that of seed 0. PyTorch:
 * `WeightedRandomSampler`.
 *
 * Throws where targets are no labels and no weights are given, or weights are not as many as
 * examples, negative, or all 0.
 */
export function sampled(dataset: InMemoryDataset, options: SampledOptions = {}): Dataset {
  const { weights = "balanced", size = dataset?.size } = known("sampled", options, "weights size");
  checkInMemory("sampled", dataset);
  whole("sampled", "size", size, 1);
  const upTo = sumsOf(weights === "balanced" ? balanced(dataset) : weights, dataset.size);
  return {
    size,
    x: dataset.x,
    y: dataset.y,
    ...(dataset.weights && { weights: dataset.weights }),
    identity: async (digest) =>
      `${await dataset.identity(digest)} drawn ${size} ${JSON.stringify(
        weights === "balanced" ? weights : Array.from(weights),
      )}`,
    batches(asking: BatchOptions) {
      const { seed = 0, epoch } = asked(size, asking);
      const rng = random(seed).split("sampled").split(epoch);
      const drawn = Uint32Array.from({ length: size }, () => placeOf(upTo, rng()));
      const { seed: _, ...rest } = asking;
      return subset(dataset, drawn).batches(rest);
    },
  };
}

function balanced(dataset: InMemoryDataset): number[] {
  const each = classWeights(dataset);
  return Array.from(labelsOf("sampled", dataset), (label) => each[label]);
}

/** The sum of the weights up to each. */
function sumsOf(weights: ArrayLike<number>, size: number): Float64Array {
  list("sampled", "weights", weights);
  if (weights.length !== size)
    throw badArgument("sampled", `${size} weights, one for each example`, weights.length);
  let sum = 0;
  const sums = Float64Array.from({ length: size }, (_, i) => {
    if (!isFiniteNumber(weights[i]) || weights[i] < 0)
      throw badArgument("sampled", "weights to be finite and ≥ 0", `${weights[i]} at ${i}`);
    return (sum += weights[i]);
  });
  if (!(sum > 0 && sum < Infinity))
    throw badArgument("sampled", "weights with a finite sum above 0", sum);
  return sums;
}

/** The first index whose sum exceeds a fraction of the whole, by halving. */
function placeOf(sums: Float64Array, fraction: number): number {
  const wanted = fraction * sums[sums.length - 1];
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
