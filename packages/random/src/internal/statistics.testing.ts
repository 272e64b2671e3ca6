// For this package's tests.

export function moments(x: Float64Array): {
  readonly mean: number;
  readonly variance: number;
  readonly skewness: number;
  readonly kurtosis: number;
} {
  let mean = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (const value of x) mean += value / x.length;
  for (const value of x) {
    const d = value - mean;
    second += (d * d) / x.length;
    third += (d * d * d) / x.length;
    fourth += (d * d * d * d) / x.length;
  }
  return {
    mean,
    variance: second,
    skewness: third / second ** 1.5,
    kurtosis: fourth / second ** 2,
  };
}

/**
 * Pearson's χ² of counts, in standard deviations from what is expected (Wilson & Hilferty, 1931).
 */
export function chiSquare(counts: Float64Array, expected: number | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const e = typeof expected === "number" ? expected : expected[i];
    sum += (counts[i] - e) ** 2 / e;
  }
  const degrees = counts.length - 1;
  const rootVariance = 2 / (9 * degrees);
  return (Math.cbrt(sum / degrees) - (1 - rootVariance)) / Math.sqrt(rootVariance);
}

/** The distance to the neighbouring float64. */
export function ulp(x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  view.setBigInt64(0, view.getBigInt64(0) + 1n);
  return view.getFloat64(0) - Math.abs(x);
}
