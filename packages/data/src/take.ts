import { noOptions, wholeIn } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkInMemory } from "./internal/check.js";
import { subset } from "./subset.js";

/**
 * The dataset of the first `count` examples. No example is copied.
 *
 * Throws unless `count` is at least 1 and at most the dataset's size.
 */
export function take(dataset: InMemoryDataset, count: number): InMemoryDataset {
  noOptions("take", arguments[2]);
  checkInMemory("take", dataset);
  wholeIn("take", "count", count, 1, dataset.size);
  return subset(
    dataset,
    Array.from({ length: count }, (_, i) => i),
  );
}
