import type { Batch, Dataset, NDArray } from "@tenon/contracts";
import { known, made, whole } from "@tenon/guards";
import type { DataMeasures, Spread } from "./record.js";
import { median } from "./internal/numbers.js";

export interface MeasureOptions {
  /** How many examples are read at most. @defaultValue 2048 */
  readonly most?: number;
  /**
   * How many labels there are; of int32 targets of one value an example.
   * @defaultValue one more than the largest label
   */
  readonly classes?: number;
  /** Draws which examples are read. @defaultValue 0 */
  readonly seed?: number;
}

/** Running sums of the differences from the first value, and the bounds of the values. */
interface Sums {
  count: number;
  first: number;
  sum: number;
  squares: number;
  min: number;
  max: number;
}

/**
 * Measures training data: mean and standard deviation, constant features, how often each label
 * occurs.
 *
 * Of a dataset in memory all labels are counted, of another those of the examples that are read.
 * Targets count as labels where an example has one int32 value, and as one-hot where each example's
 * values are zeros but for a one.
 *
 * @throws RangeError if the data is no dataset
 */
export async function measure(data: Dataset, options: MeasureOptions = {}): Promise<DataMeasures> {
  const { most = 2048, classes, seed = 0 } = known("measure", options, "most classes seed");
  made("measure", "data as a dataset", data, "batches", "dataset({ x, y })");
  whole("measure", "most", most, 1);
  if (classes !== undefined) whole("measure", "classes", classes, 1);
  whole("measure", "seed", seed, 0);
  const features = sizeOf(data.x.shape);
  const each: Sums[] = Array.from({ length: features }, empty);
  const targets = empty();
  const counts: number[] = Array.from({ length: classes ?? 0 }, () => 0);
  let [examples, elements, oneHot] = [0, 0, sizeOf(data.y.shape) > 1];
  const isLabel = data.y.dtype === "int32" && sizeOf(data.y.shape) === 1;
  for await (const { x, y } of data.batches({ batchSize: Math.min(most, 256), seed }) as Batches) {
    const rows = Math.min(x.shape[0]!, most - examples);
    const width = sizeOf(data.y.shape);
    for (let i = 0; i < rows * features; i++) add(each[i % features]!, x.data[i]!);
    for (let i = 0; i < rows * width; i++) add(targets, y.data[i]!);
    oneHot &&= countOnes(y, rows, width, counts);
    if (isLabel) for (let i = 0; i < rows; i++) countOf(counts, y.data[i]!);
    [examples, elements] = [examples + rows, elements + rows * (features + width)];
    if (examples >= most) break;
  }
  const wrong = elements - each.reduce((sum, { count }) => sum + count, targets.count);
  const labels = isLabel ? labelsInMemory(data) : undefined;
  if (labels) {
    counts.fill(0);
    for (const label of labels) countOf(counts, label);
  }
  const spreads = each.map(spreadOf);
  const moving = spreads.filter(({ min, max }) => max > min);
  return {
    examples,
    input: pooled(each),
    features,
    constantFeatures: (features - moving.length) / Math.max(1, features),
    ...(moving.length > 0 && {
      scaleRatio: Math.max(...moving.map(({ std }) => std)) / median(moving.map(({ std }) => std)),
      offCentre: median(moving.map(({ mean, std }) => Math.abs(mean) / std)),
    }),
    nonFinite: wrong / Math.max(1, elements),
    ...((isLabel || oneHot) && { classCounts: [...counts] }),
    targets: spreadOf(labels ? sumsOf(labels) : targets),
  };
}

/** All labels of a dataset that lies in memory, one an example: reading them costs little. */
function labelsInMemory(data: Dataset): (ArrayLike<number> & Iterable<number>) | undefined {
  const { source, order } = data as { source?: Partial<Batch>; order?: Uint32Array };
  const all = source?.y?.data;
  if (!all) return undefined;
  return order ? Float64Array.from(order, (index) => all[index]!) : all;
}

const sumsOf = (values: Iterable<number>): Sums => {
  const sums = empty();
  for (const value of values) add(sums, value);
  return sums;
};

type Batches = AsyncIterable<Batch>;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const empty = (): Sums => ({
  count: 0,
  first: 0,
  sum: 0,
  squares: 0,
  min: Infinity,
  max: -Infinity,
});

function add(sums: Sums, value: number): void {
  if (!Number.isFinite(value)) return;
  if (sums.count++ === 0) sums.first = value;
  const difference = value - sums.first;
  sums.sum += difference;
  sums.squares += difference * difference;
  sums.min = Math.min(sums.min, value);
  sums.max = Math.max(sums.max, value);
}

const spreadOf = ({ count, first, sum, squares, min, max }: Sums): Spread => {
  if (count === 0) return { mean: 0, std: 0, min: 0, max: 0 };
  const mean = sum / count;
  const std = max > min ? Math.sqrt(Math.max(0, squares / count - mean * mean)) : 0;
  return { mean: first + mean, std, min, max };
};

/** Mean and standard deviation of all elements, from those of the features. */
function pooled(all: readonly Sums[]): Spread {
  const parts = all.map((sums) => ({ ...spreadOf(sums), count: sums.count }));
  const count = parts.reduce((total, part) => total + part.count, 0);
  if (count === 0) return spreadOf(empty());
  const over = (of: (part: (typeof parts)[number]) => number): number =>
    parts.reduce((total, part) => total + part.count * of(part), 0) / count;
  const mean = over((part) => part.mean);
  const variance = over((part) => part.std ** 2 + (part.mean - mean) ** 2);
  return {
    mean,
    std: Math.sqrt(variance),
    min: Math.min(...parts.map(({ min }) => min)),
    max: Math.max(...parts.map(({ max }) => max)),
  };
}

/** Adds one-hot rows to the counts; whether all rows are one-hot. */
function countOnes(y: NDArray, rows: number, width: number, counts: number[]): boolean {
  for (let row = 0; row < rows; row++) {
    const values = y.data.slice(row * width, (row + 1) * width);
    if (values.some((value) => value !== 0 && value !== 1)) return false;
    const one = values.indexOf(1);
    if (one < 0 || one !== values.lastIndexOf(1)) return false;
    countOf(counts, one);
    for (let label = counts.length; label < width; label++) counts[label] = 0;
  }
  return true;
}

/** The largest label that is counted: a larger one is no label. */
const largestLabel = 65_535;

/** Labels that are negative, very large or no integers are not counted. */
function countOf(counts: number[], label: number): void {
  if (!Number.isInteger(label) || label < 0 || label > largestLabel) return;
  for (let i = counts.length; i <= label; i++) counts[i] = 0;
  counts[label]!++;
}
