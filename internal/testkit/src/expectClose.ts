import { expect } from "vitest";

/**
 * Expects values to be equal up to a tolerance relative to max(1, |expected|). NaN equals NaN, an
 * infinity itself. The message names the worst of them.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-10,
  label = "value",
): void {
  expect(actual.length, `${label}: number of values`).toBe(expected.length);
  let worst = -1;
  let most = tolerance;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (Object.is(a, e) || a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
    const difference = Math.abs(a - e) / Math.max(1, Math.abs(e));
    if (difference <= most) continue;
    worst = i;
    most = Number.isNaN(difference) ? Infinity : difference;
  }
  if (worst >= 0)
    expect.fail(
      `${label}: expected ${expected[worst]} at ${worst}, got ${actual[worst]} (off by ` +
        `${most}, allowed ${tolerance})`,
    );
}
