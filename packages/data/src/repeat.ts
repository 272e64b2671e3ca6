import { noOptions, whole } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkInMemory } from "./internal/check.js";
import { subset } from "./subset.js";

/**
 * The dataset in which each example comes `times` times: an epoch of it is `times` epochs long. No
 * example is copied. TensorFlow.js: `Dataset.repeat`.
 *
 * Throws unless `times` is a whole number ≥ 1.
 */
export function repeat(dataset: InMemoryDataset, times: number): InMemoryDataset {
  noOptions("repeat", arguments[2]);
  checkInMemory("repeat", dataset);
  whole("repeat", "times", times, 1);
  return subset(
    dataset,
    Array.from({ length: dataset.size * times }, (_, i) => i % dataset.size),
  );
}
