/** The value of an arm whose option, such as its learning rate, is `at`. */
export interface SweepPoint {
  readonly at: number;
  /** Null where training ended with what is not finite. */
  readonly value: number | null;
}

/**
 * The part of a sweep in which values are at least a threshold, in decades (factors of ten) of the
 * option. Between two points the value is taken to change evenly with the logarithm of the option;
 * a value that is not finite counts as 0.
 */
export function decadesAbove(points: readonly SweepPoint[], threshold: number): number {
  const sorted = [...points].sort((a, b) => a.at - b.at);
  return sorted.slice(1).reduce((total, right, i) => {
    const left = sorted[i]!;
    const width = Math.log10(right.at / left.at);
    const [a, b] = [left.value ?? 0, right.value ?? 0];
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    if (low >= threshold) return total + width;
    return high <= threshold ? total : total + (width * (high - threshold)) / (high - low);
  }, 0);
}

/** The largest option of a sweep whose value is at least a threshold; NaN if there is none. */
export function largestAbove(points: readonly SweepPoint[], threshold: number): number {
  const above = points.filter(({ value }) => value !== null && value >= threshold);
  return above.length > 0 ? Math.max(...above.map(({ at }) => at)) : NaN;
}
