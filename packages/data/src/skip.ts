import { noOptions, wholeIn } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkInMemory } from "./internal/check.js";
import { subset } from "./subset.js";

/**
 * The dataset without the first `count` examples. No example is copied. TensorFlow.js:
 * `Dataset.skip`.
 *
 * Throws unless `count` is a whole number ≥ 0 that leaves an example.
 */
export function skip(dataset: InMemoryDataset, count: number): InMemoryDataset {
  noOptions("skip", arguments[2]);
  checkInMemory("skip", dataset);
  wholeIn("skip", "count", count, 0, dataset.size - 1);
  return subset(
    dataset,
    Array.from({ length: dataset.size - count }, (_, i) => count + i),
  );
}
