import { badArgument, noOptions } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkInMemory } from "./internal/check.js";
import { checkScaling } from "./internal/scale.js";
import { view } from "./internal/view.js";
import type { Scaling } from "./scaling.js";

/**
 * The same examples, scaled as batches are gathered. No example is copied.
 *
 * Throws where the dataset is scaled already, or a list of the scaling does not repeat evenly along
 * an example.
 */
export function rescale(dataset: InMemoryDataset, scale: Scaling): InMemoryDataset {
  noOptions("rescale", arguments[2]);
  checkInMemory("rescale", dataset);
  checkScaling("rescale", scale, 0);
  if (dataset.scale)
    throw badArgument(
      "rescale",
      "a dataset without a scaling",
      "one that has one",
      "scale the one it was made from",
    );
  return view("rescale", dataset.source, dataset.order, scale);
}
