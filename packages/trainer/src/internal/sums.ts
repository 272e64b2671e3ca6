import type { Histogram, NDArray } from "@tenon/contracts";
import { scatterAdd, sizeOf, where, type Tensor } from "@tenon/tensor";

/** What an observed step sums of an array, by name. */
export type Sums<V> = Readonly<Record<string, V>>;

/**
 * One over the largest magnitude in a sample: squares of values times this neither overflow nor lose
 * what matters in underflow, if the largest of all is less than some 10¹⁵ times that of the sample.
 */
function scaleOf(sample: Tensor): Tensor {
  const top = sample.abs().max();
  const isUsable = top.greater(0).mul(top.less(Infinity));
  return where(isUsable, top.maximum(2 ** -126).reciprocal(), 1);
}

/** The sum over all units of a count; 0 where it was not taken. */
export function totalIn(sums: Sums<NDArray>, name: string): number {
  const { data } = sums[name] ?? { data: [] };
  let total = 0;
  for (let i = 0; i < data.length; i++) total += data[i]!;
  return total;
}

/** int32 1 where an element is NaN or infinite. */
export const notFinite = (x: Tensor): Tensor => x.sub(x).notEqual(0);

/**
 * The sums of a batch of inputs, or of a layer's output for it: for each unit, which is an index of
 * the last axis, over all other axes.
 *
 * @param range of a bounded activation; infinite where it has no bound
 */
export function valueSums(
  x: Tensor,
  range: readonly [number, number] | undefined,
  bins: number | undefined,
): Sums<Tensor> {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const first = firstOf(
    x,
    axes.map(() => 1),
  );
  const perExample = sizeOf(x.shape.slice(1));
  const examples = Math.min(x.shape[0]!, Math.ceil(sampled / perExample));
  const scale = scaleOf(firstOf(x, [examples]));
  const apart = x.sub(first).mul(scale);
  return {
    first: first.reshape(x.shape.slice(-1)),
    scale,
    sum: apart.sum(axes),
    squares: apart.square().sum(axes),
    zeros: x.equal(0).sum(axes),
    nonFinite: notFinite(x).sum(axes),
    ...(range && { saturated: isSaturated(x, range).sum(axes) }),
    ...(bins && { ...histogramOf("histogram", x, bins) }),
  };
}

/** How many elements of a layer's output, or more, its scale is taken from. */
const sampled = 1024;

/**
 * The first elements of an array, so many along each axis. An engine may compute a relu wherever it
 * is read, but not a part of it, so a part is computed of the part of what it reads.
 */
function firstOf(x: Tensor, counts: readonly number[]): Tensor {
  if (x.op.name === "relu") return firstOf(x.inputs[0]!, counts).relu();
  return x.slice(
    x.shape.map(() => 0),
    x.shape.map((n, axis) => counts[axis] ?? n),
  );
}

/** Within 1 % of the range of a bound; with one bound, within 1 % of it. */
function isSaturated(x: Tensor, [low, high]: readonly [number, number]): Tensor {
  const width = high - low < Infinity ? high - low : Math.abs(low > -Infinity ? low : high);
  return x.lessEqual(low + width / 100).add(x.greaterEqual(high - width / 100));
}

/** The sums of a parameter, its gradient and its update, over all elements. */
export function paramSums(
  value: Tensor,
  gradient: Tensor,
  update: Tensor,
  bins: number | undefined,
): Sums<Tensor> {
  return {
    ...squaresOf("value", value),
    ...squaresOf("gradient", gradient),
    ...squaresOf("update", update),
    ...(bins && {
      ...histogramOf("histogram", value, bins),
      ...histogramOf("gradientHistogram", gradient, bins),
    }),
  };
}

function squaresOf(name: string, given: Tensor): Sums<Tensor> {
  const x = given.reshape([-1]);
  const scale = scaleOf(x.slice([0], undefined, [everyElement]));
  return {
    [name]: x.mul(scale).square().sum(),
    [`${name}Scale`]: scale,
    [`${name}NonFinite`]: notFinite(x).sum(),
  };
}

/** The distance of the elements of a parameter that its scale is taken from: a prime number. */
const everyElement = 61;

/** The bounds of the finite elements, and how many of them lie in each bin. */
function histogramOf(name: string, given: Tensor, bins: number): Sums<Tensor> {
  const x = given.reshape([-1]);
  const finite = notFinite(x).equal(0);
  const from = where(finite, x, Infinity).min();
  const to = where(finite, x, -Infinity).max();
  // The difference of two halves does not overflow.
  const half = from.mul(0.5);
  const width = to.mul(0.5).sub(half);
  const inBins = finite.mul(width.greater(0));
  const position = where(inBins, x.mul(0.5).sub(half).div(width).mul(bins), 0);
  const bin = where(finite, position.floor().minimum(bins - 1), bins).cast("int32");
  const counts = scatterAdd(x.mul(0).equal(0).cast("float32"), bin, bins + 1).slice([0], [bins]);
  return { [`${name}From`]: from, [`${name}To`]: to, [`${name}Counts`]: counts };
}

/** The histogram of this name, if it was requested. */
export function histogramIn<N extends string>(
  sums: Sums<NDArray>,
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
