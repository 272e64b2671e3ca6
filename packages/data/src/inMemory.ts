import type { Batch, Dataset } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkDataset } from "./internal/check.js";
import { examplesOf, stacked } from "./internal/examples.js";
import { view } from "./internal/view.js";

/**
 * All examples of a dataset of any kind, read once and kept: what is generated, mapped or comes
 * from a network can then be split, sampled and read by index. TensorFlow: `Dataset.cache`.
 *
 * Rejects where examples differ in shape or dtype.
 */
export async function inMemory(dataset: Dataset): Promise<InMemoryDataset> {
  noOptions("inMemory", arguments[1]);
  checkDataset("inMemory", dataset);
  const examples: Batch[] = [];
  for await (const example of examplesOf(dataset)) examples.push(example);
  return view("inMemory", stacked("inMemory", examples), undefined, undefined);
}
