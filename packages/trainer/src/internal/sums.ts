import type { Histogram, NDArray } from "@tenon/contracts";
import { scatterAdd, sizeOf, where, type Tensor } from "@tenon/tensor";

/** What an observed step sums of an array, by name. */
export type Sums<V> = Readonly<Record<string, V>>;

/**
 * Σ x² is taken of x, x · factor and x / factor: of every array of finite elements one of them
 * neither overflows nor loses what matters in underflow. Blue (1978), A portable Fortran program
 * to find the Euclidean norm of a vector.
 */
const factor = 2 ** 90;
const low = 2 ** -60;

/** Σ x², and how many elements are not finite of what x is computed from. */
function squaresOf(
  name: string,
  x: Tensor,
  axes?: readonly number[],
  given: Tensor = x,
): Sums<Tensor> {
  const sum = (scale: number): Tensor => x.mul(scale).square().sum(axes);
  return {
    [name]: sum(1),
    [`${name}Small`]: sum(factor),
    [`${name}Large`]: sum(1 / factor),
    [`${name}NonFinite`]: notFinite(given).sum(axes),
  };
}

/** A function of the index of a unit: Σ x², in float64. */
export function squaresIn(sums: Sums<NDArray>, name: string): (unit: number) => number {
  const [plain, small, large] = ["", "Small", "Large"].map((kind) => sums[name + kind]!.data);
  return (unit) => {
    const sum = plain![unit]!;
    if (sum < low) return small![unit]! / factor ** 2;
    return sum < Infinity ? sum : large![unit]! * factor ** 2;
  };
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
 * the last axis, over all other axes. Sums and squares are of differences from a pivot, which is
 * the mean but for what rounding errors leave, all divided by 4, so that no difference overflows.
 *
 * @param bounds of a bounded activation; infinite where it has no bound
 */
export function valueSums(
  given: Tensor,
  bounds: readonly [number, number] | undefined,
  bins: number | undefined,
): Sums<Tensor> {
  const axes = given.shape.slice(1).map((_, axis) => axis);
  const units = given.shape.slice(-1);
  // The differences of integers are rounded, not the integers.
  const base = given.dtype === "int32" && firstOf(given);
  const x = base ? differences(given, base) : given;
  const quarter = x.mul(0.25);
  const from = firstOf(x).mul(0.25);
  const share = units[0]! / sizeOf(given.shape);
  const pivot = quarter.sub(from).mul(share).sum(axes, true).add(from);
  const apart = quarter.sub(pivot);
  return {
    ...(base && { base: base.reshape(units) }),
    pivot: pivot.reshape(units),
    sum: apart.mul(share).sum(axes),
    ...squaresOf("value", apart, axes, given),
    zeros: given.equal(0).sum(axes),
    ...(bounds && { saturated: isSaturated(given, bounds).sum(axes) }),
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

/**
 * The first element of each unit. An engine may compute a relu wherever it is read, but not a part
 * of it, so a part is computed of the part of what it reads.
 */
function firstOf(x: Tensor): Tensor {
  if (x.op.name === "relu") return firstOf(x.inputs[0]!).relu();
  return x.slice([], x.shape.slice(1).fill(1));
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

/** The bounds of the finite elements, and how many of them lie in each bin. */
function histogramOf(name: string, given: Tensor, bins: number): Sums<Tensor> {
  const x = given.cast("float32").reshape([-1]);
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
