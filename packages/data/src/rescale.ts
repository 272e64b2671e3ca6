import { badArgument, noOptions, sizeOf } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkInMemory } from "./internal/check.js";
import { checkScaling } from "./internal/scale.js";
import { unitsOf } from "./internal/unitsOf.js";
import { view } from "./internal/view.js";
import type { Scaling } from "./scaling.js";

/**
 * The same examples in other units, those of `toUnit`, `toSymmetric` or `standardize`: they are
 * scaled as batches are gathered, to float32. No example is copied.
 *
 * Throws where the dataset is scaled already, or a list of the scaling does not repeat evenly along
 * an example.
 */
export function rescale(dataset: InMemoryDataset, scale: Scaling): InMemoryDataset {
  noOptions("rescale", arguments[2]);
  checkInMemory("rescale", dataset);
  checkScaling("rescale", scale, sizeOf(dataset.x.shape));
  if (dataset.units)
    throw badArgument(
      "rescale",
      "a dataset without a scaling",
      "one that has one",
      "scale the one it was made from",
    );
  return view("rescale", dataset.source, dataset.order, unitsOf(scale));
}
