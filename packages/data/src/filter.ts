import type { Batch } from "@tenon/contracts";
import { badArgument, callable, noOptions, shown } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkInMemory } from "./internal/check.js";
import { exampleAt } from "./internal/examples.js";
import { subset } from "./subset.js";

/**
 * The dataset of the examples that a function says true of: it is given an example { x, y }, arrays
 * without a batch axis, and its index. No example is copied.
 *
 * Throws where no example is left. TensorFlow.js: `Dataset.filter`. What is generated is filtered
 * where it is generated.
 */
export function filter(
  dataset: InMemoryDataset,
  keep: (example: Batch, index: number) => boolean,
): InMemoryDataset {
  noOptions("filter", arguments[2]);
  checkInMemory("filter", dataset);
  callable("filter", "keep", keep);
  const kept: number[] = [];
  for (let i = 0; i < dataset.size; i++) {
    const isKept: unknown = keep(exampleAt(dataset.gather([i]), 0), i);
    if (typeof isKept !== "boolean")
      throw badArgument("filter", "keep to return true or false", shown(isKept));
    if (isKept) kept.push(i);
  }
  if (kept.length === 0) throw badArgument("filter", "an example that keep is true of", "none");
  return subset(dataset, kept);
}
