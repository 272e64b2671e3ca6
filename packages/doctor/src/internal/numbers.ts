/** 0 of nothing. */
export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** NaN of nothing. */
export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** The lower of the two in the middle of an even number. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

/** 1 of nothing. */
export const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);

/** √(mean² + std²), the root of the mean square. */
export const rootMeanSquare = ({ mean, std }: { mean: number; std: number }): number =>
  Math.hypot(mean, std);

/** −Σ p ln p of counts that are scaled to sum to 1, in nats. */
export function entropy(counts: readonly number[]): number {
  const total = sum(counts);
  return -sum(counts.map((count) => (count > 0 ? (count / total) * Math.log(count / total) : 0)));
}
