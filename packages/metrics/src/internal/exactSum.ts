/**
 * A sum without rounding: floating-point numbers that do not overlap and add up to it exactly, so
 * that the order in which values were added, and the batches they came in, do not matter.
 *
 * Shewchuk (1997), Adaptive precision floating-point arithmetic and fast robust geometric
 * predicates.
 */
export type ExactSum = {
  /** From the smallest to the largest. */
  readonly partials: readonly number[];
  /**
   * Which non-finite values were added, as bits, since JSON has none: 1 for Infinity, 2 for
   * −Infinity, 4 for NaN.
   */
  readonly special: number;
};

export const noSum: ExactSum = { partials: [], special: 0 };

/** The sum with `count` more values. */
export function addedTo(sum: ExactSum, count: number, valueAt: (i: number) => number): ExactSum {
  const partials = [...sum.partials];
  let { special } = sum;
  for (let i = 0; i < count; i++) {
    const value = valueAt(i);
    if (Number.isFinite(value)) special |= grow(partials, value);
    else special |= bitOf(value);
  }
  return { partials, special };
}

function bitOf(value: number): number {
  return value === Infinity ? 1 : value === -Infinity ? 2 : 4;
}

/**
 * Adds a value to the partials. Returns 0, or the bit of the infinity that the sum passed.
 */
function grow(partials: number[], value: number): number {
  let x = value + 0; // −0 would not survive JSON
  let kept = 0;
  for (let i = 0; i < partials.length; i++) {
    let y = partials[i];
    if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
    const high = x + y;
    if (!Number.isFinite(high)) {
      partials.length = 0;
      return bitOf(high);
    }
    const low = y - (high - x);
    if (low !== 0) partials[kept++] = low;
    x = high;
  }
  partials.length = kept;
  partials.push(x);
  return 0;
}

/** The sum, rounded once. */
export function total({ partials, special }: ExactSum): number {
  if (special !== 0) return special === 1 ? Infinity : special === 2 ? -Infinity : NaN;
  let i = partials.length - 1;
  if (i < 0) return 0;
  let high = partials[i];
  let low = 0;
  while (i > 0 && low === 0) {
    const x = high;
    const y = partials[--i];
    high = x + y;
    low = y - (high - x);
  }
  // Halfway cases go to even by the addition above; the partials below it decide them anew.
  if (i > 0 && low !== 0 && Math.sign(low) === Math.sign(partials[i - 1])) {
    const doubled = low * 2;
    const next = high + doubled;
    if (next - high === doubled) high = next;
  }
  return high;
}
