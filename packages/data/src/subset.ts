import { list, noOptions, wholeIn } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkInMemory } from "./internal/check.js";
import { view } from "./internal/view.js";

/**
 * The dataset of these examples, counted from 0, in this order; an index may come twice. No example
 * is copied.
 *
 * Throws where an index is out of range, or no index is given.
 */
export function subset(dataset: InMemoryDataset, indices: ArrayLike<number>): InMemoryDataset {
  noOptions("subset", arguments[2]);
  checkInMemory("subset", dataset);
  list("subset", "indices", indices);
  const order = new Uint32Array(indices.length);
  for (let i = 0; i < order.length; i++) {
    wholeIn("subset", `index ${i}`, indices[i], 0, dataset.size - 1);
    order[i] = dataset.order ? dataset.order[indices[i]] : indices[i];
  }
  return view("subset", dataset.source, order, dataset.units);
}
