import type { NDArray } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import type { InMemoryDataset } from "../dataset.js";

/**
 * The label of each example. Throws unless targets are labels: whole numbers ≥ 0, one for each
 * example.
 */
export function labelsOf(
  who: string,
  { source: { y }, order, size }: InMemoryDataset,
): Uint32Array {
  checkOneEach(who, y);
  const labels = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const label = y.data[order ? order[i] : i];
    if (!(label >= 0 && Number.isSafeInteger(label)))
      throw badArgument(who, "labels, whole numbers ≥ 0, as targets", `${label} at ${i}`);
    labels[i] = label;
  }
  return labels;
}

function checkOneEach(who: string, y: NDArray): void {
  if (y.data.length !== y.shape[0])
    throw badArgument(
      who,
      "labels, one for each example, as targets",
      `shape [${y.shape.slice(1).join(", ")}] of one target`,
    );
}

/** How many examples have each label, from 0 to the largest one, or of so many classes. */
export function countsOf(labels: Uint32Array, classes?: number): number[] {
  const counts = new Array<number>(classes ?? labels.reduce((a, b) => Math.max(a, b), 0) + 1).fill(
    0,
  );
  for (const label of labels) counts[label]++;
  return counts;
}

/** The indices of the examples of each class, in their order; of classes that have any. */
export function byClass(labels: Uint32Array): number[][] {
  const groups: number[][] = countsOf(labels).map(() => []);
  labels.forEach((label, i) => groups[label].push(i));
  return groups.filter((group) => group.length > 0);
}

/**
 * The same indices in an order of which each part, be it the last tenth, has the classes in the
 * proportion of the whole: the i-th of the n of a class stands at (i + ½) / n of the way.
 */
export function spread(labels: Uint32Array, order: Uint32Array): Uint32Array {
  const places = new Float64Array(order.length);
  for (const group of byClass(labels.map((_, i) => labels[order[i]])))
    group.forEach((place, i) => (places[place] = (i + 0.5) / group.length));
  return Uint32Array.from(order.keys())
    .sort((a, b) => places[a] - places[b] || a - b)
    .map((place) => order[place]);
}
