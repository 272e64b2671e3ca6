import type { Batch, NDArray } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { checkInMemory } from "./internal/check.js";
import { joined } from "./internal/joined.js";
import { plainBatch, view } from "./internal/view.js";

/**
 * The dataset of the examples of all these datasets, one after the other. Parts of one dataset are
 * put together without a copy. TensorFlow.js: `Dataset.concatenate`; PyTorch: `ConcatDataset`.
 *
 * Throws where they differ in shape, dtype or scaling, or only some have weights.
 */
export function concat(...datasets: readonly InMemoryDataset[]): InMemoryDataset {
  if (datasets.length === 0) throw badArgument("concat", "at least one dataset", "none");
  datasets.forEach((dataset) => checkInMemory("concat", dataset));
  const [first] = datasets;
  const orders = datasets.map(
    ({ order, size }) => order ?? Uint32Array.from({ length: size }, (_, i) => i),
  );
  for (const dataset of datasets) {
    if (JSON.stringify(dataset.units) !== JSON.stringify(first.units))
      throw badArgument(
        "concat",
        "datasets of one scaling",
        `${shown(first.units?.scale)} and ${shown(dataset.units?.scale)}`,
        "concatenate them first, then rescale",
      );
    if ((dataset.weights === undefined) !== (first.weights === undefined))
      throw badArgument("concat", "weights in all datasets or in none", "weights in some");
  }
  if (datasets.every(({ source }) => source === first.source)) {
    const order = Uint32Array.from(orders.flatMap((indices) => [...indices]));
    return view("concat", first.source, order, first.units);
  }
  const parts = datasets.map(({ source }, i) => plainBatch(source, orders[i]));
  const of = (part: keyof Batch): NDArray =>
    joined(
      "concat",
      part,
      parts.map((batch) => batch[part]!),
    );
  const source: Batch = {
    x: of("x"),
    y: of("y"),
    ...(first.weights && { weights: of("weights") }),
  };
  return view("concat", source, undefined, first.units);
}
