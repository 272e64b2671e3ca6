import type { ByPath, Histogram, NDArray } from "@tenon/contracts";
import { floor, scatterAdd, sizeOf, slice, summary, type Tensor, where } from "@tenon/tensor";

/** How many units an array has: indices of its last axis, if that is not the batch. */
export const unitsOf = ({ shape }: Tensor): number => (shape.length > 1 ? shape.at(-1)! : 1);

/**
 * An array as [parts, rows, columns], of which column i is of unit i modulo `units`. Where rows are
 * many, parts are whole images of a batch: an engine may then summarize an image that it has just
 * computed. It may compute a relu wherever it is read, but not in another shape, so what it reads
 * is reshaped.
 */
function inColumns(x: Tensor, units: number): Tensor {
  if (x.op.name === "relu") return inColumns(x.inputs[0]!, units).relu();
  const size = sizeOf(x.shape);
  // An engine may fold 16 columns next to each other.
  let columns = units;
  while (columns < 16 && size % (2 * columns) === 0) columns *= 2;
  const rows = size / columns;
  // Of fewer than 1024 rows, or, of images, 16 parts of at least 256, so that threads can share
  // them.
  const images = x.shape[0] ?? 1;
  let parts = Math.max(1 + (rows >> 10), Math.min(images, 16, rows >> 8));
  while ((rows % parts) + (images % parts) > 0) parts--;
  return x.reshape([parts, rows / parts, columns]);
}

/** What summaries say of a whole array. */
export interface Summary {
  readonly mean: number;
  readonly std: number;
  /** How many elements of each column of each part are zero. */
  readonly zeros: ArrayLike<number>;
  /** How many are not finite in all. */
  readonly nonFinite: number;
}

/** The summary of a whole array, given those of its columns, which have equally many elements. */
export function summaryOf({ data }: NDArray): Summary {
  const n = data.length / 4;
  const figure = (k: number): ArrayLike<number> => data.subarray(k * n, (k + 1) * n);
  const mean = totalOf(figure(0)) / n;
  // Σ (x − mean)² is Σ (x − m)² within each column, whose mean is m, and Σ (m − mean)² between
  // them.
  let squares = 0;
  for (let i = 0; i < n; i++) squares += data[i + n]! ** 2 + (data[i]! - mean) ** 2;
  return {
    mean,
    std: Math.sqrt(squares / n),
    zeros: figure(2),
    nonFinite: totalOf(figure(3)),
  };
}

/** The sum over all columns of a figure. */
export function totalOf(figures: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < figures.length; i++) total += figures[i]!;
  return total;
}

/**
 * The figures of a batch of inputs, or of a layer's output for it.
 *
 * @param bounds of a bounded activation; infinite where it has no bound
 */
export function valueSums(
  given: Tensor,
  bounds: readonly [number, number] | undefined,
  bins: number | undefined,
): ByPath<Tensor> {
  const x = inColumns(given, unitsOf(given));
  // The differences of integers are rounded, not the integers.
  const base = given.dtype === "int32" && slice(x, [], [1, 1, 1]);
  return {
    value: summary(base ? differences(x, base) : x),
    ...(base && { base: base.reshape([]), zeros: x.equal(0).sum(1) }),
    ...(bounds && { saturated: isSaturated(x, bounds).sum(1) }),
    ...(bins && { ...histogramOf("histogram", given, bins) }),
  };
}

/** int32 differences as float32, which do not wrap around: float32 holds both halves. */
function differences(x: Tensor, from: Tensor): Tensor {
  const low = (whole: Tensor): Tensor => whole.remainder(65536);
  const high = (whole: Tensor): Tensor => whole.sub(low(whole)).cast("float32");
  return high(x)
    .sub(high(from))
    .add(low(x).sub(low(from)).cast("float32"));
}

/** Within 1 % of the range of a bound; with one bound, within 1 % of it. */
function isSaturated(x: Tensor, [low, high]: readonly [number, number]): Tensor {
  const width = high - low < Infinity ? high - low : Math.abs(low > -Infinity ? low : high);
  return x.lessEqual(low + width / 100).add(x.greaterEqual(high - width / 100));
}

/** The figures of a parameter, its gradient and its update. */
export function paramSums(
  value: Tensor,
  gradient: Tensor,
  update: Tensor,
  bins: number | undefined,
): ByPath<Tensor> {
  return {
    value: summary(inColumns(value, 1)),
    gradient: summary(inColumns(gradient, 1)),
    update: summary(inColumns(update, 1)),
    ...(bins && {
      ...histogramOf("histogram", value, bins),
      ...histogramOf("gradientHistogram", gradient, bins),
    }),
  };
}

/** The bounds of the finite elements, and how many of them lie in each bin. */
function histogramOf(name: string, given: Tensor, bins: number): ByPath<Tensor> {
  const x = given.cast("float32").reshape([-1]);
  const finite = x.sub(x).equal(0);
  const from = where(finite, x, Infinity).min();
  const to = where(finite, x, -Infinity).max();
  // The difference of two halves does not overflow.
  const half = from.mul(0.5);
  const width = to.mul(0.5).sub(half);
  const inBins = finite.mul(width.greater(0));
  const position = where(inBins, x.mul(0.5).sub(half).div(width).mul(bins), 0);
  const bin = where(finite, floor(position).minimum(bins - 1), bins).cast("int32");
  const counts = slice(scatterAdd(x.mul(0).equal(0).cast("float32"), bin, bins + 1), [0], [bins]);
  return { [`${name}From`]: from, [`${name}To`]: to, [`${name}Counts`]: counts };
}

/** The histogram of this name, if it was requested. */
export function histogramIn<N extends string>(
  sums: ByPath<NDArray>,
  name: N,
): { readonly [K in N]?: Histogram } {
  const { [`${name}Counts`]: counts, [`${name}From`]: from, [`${name}To`]: to } = sums;
  if (!counts || !from || !to) return {};
  const isEmpty = !(from.data[0]! <= to.data[0]!);
  const histogram: Histogram = {
    from: isEmpty ? 0 : from.data[0]!,
    to: isEmpty ? 0 : to.data[0]!,
    counts: Array.from(counts.data),
  };
  return { [name]: histogram } as { readonly [K in N]?: Histogram };
}
