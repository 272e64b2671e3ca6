import type { Histogram, NDArray } from "@tenon/contracts";
import { scatterAdd, where, type Tensor } from "@tenon/tensor";

/** What an observed step sums of an array, by name. */
export type Sums<V> = Readonly<Record<string, V>>;

/**
 * Sums of squares of values that are multiplied by 1, 2⁻⁹⁰ and 2⁹⁰: of any float32 values, one of
 * them neither overflows nor loses what matters in underflow. Blue (1978), A portable Fortran
 * program to find the Euclidean norm of a vector.
 */
const scales = { "": 1, Large: 2 ** -90, Small: 2 ** 90 } as const;
/** Between these, the sum that is not scaled is right. */
const [least, most] = [2 ** -80, 2 ** 120];

export const squaresOf = (name: string, x: Tensor, axes?: readonly number[]): Sums<Tensor> =>
  Object.fromEntries(
    Object.entries(scales).map(([scaled, scale]) => [
      name + scaled,
      (scale === 1 ? x : x.mul(scale)).square().sum(axes),
    ]),
  );

/** The sum of squares of a unit. */
export function squaresIn(sums: Sums<NDArray>, name: string, unit: number): number {
  const scaled = (by: keyof typeof scales): number =>
    sums[name + by]!.data[unit]! / scales[by] ** 2;
  const plain = scaled("");
  return plain < least ? scaled("Small") : plain < most ? plain : scaled("Large");
}

/** The sum over all units of a count; 0 where it was not taken. */
export function totalIn(sums: Sums<NDArray>, name: string): number {
  return Array.from(sums[name]?.data ?? []).reduce((sum, n) => sum + n, 0);
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
  const first = x.slice(
    x.shape.map(() => 0),
    x.shape.map((n, axis) => (axis in axes ? 1 : n)),
  );
  const apart = x.sub(first);
  const { Large: scale } = scales;
  return {
    first: first.reshape(x.shape.slice(-1)),
    sum: apart.sum(axes),
    sumLarge: apart.mul(scale).sum(axes),
    ...squaresOf("squares", apart, axes),
    zeros: x.equal(0).sum(axes),
    nonFinite: notFinite(x).sum(axes),
    ...(range && { saturated: isSaturated(x, range).sum(axes) }),
    ...(bins && { ...histogramOf("histogram", x, bins) }),
  };
}

/** The sum of a unit's differences from its first element. */
export function sumIn(sums: Sums<NDArray>, unit: number): number {
  const plain = sums["sum"]!.data[unit]!;
  return Math.abs(plain) < most ? plain : sums["sumLarge"]!.data[unit]! / scales.Large;
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
    nonFinite: [value, gradient, update]
      .map(notFinite)
      .reduce((sum, x) => sum.add(x))
      .sum(),
    ...(bins && {
      ...histogramOf("histogram", value, bins),
      ...histogramOf("gradientHistogram", gradient, bins),
    }),
  };
}

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
