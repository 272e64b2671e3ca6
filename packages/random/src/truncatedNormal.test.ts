import fc from "fast-check";
import { expect, test } from "vitest";
import { random, truncatedNormal } from "./index.js";
import { moments } from "./internal/statistics.testing.js";

/**
 * Mean and standard deviation by the closed form, (φ(a) − φ(b)) / Z and so on, evaluated with
 * CPython's NormalDist.
 */
const intervals: readonly (readonly [low: number, high: number, mean: number, std: number])[] = [
  [-2, 2, 0, 0.8796256610342398],
  [-1, 3, 0.28278611072715404, 0.7849469634044259],
  [-3, 1, -0.28278611072715404, 0.7849469634044259],
  [0.5, 1, 0.7345404588412989, 0.1432410390089919],
  [0.5, 4, 1.1407611122877959, 0.517229481487279],
  [-0.3, 0.4, 0.04799152424414117, 0.20041937090810183],
  [2, 3, 2.3158213267437833, 0.24803382748021618],
  [3, Infinity, 3.283098654930415, 0.26562979272917725],
  [-Infinity, -3, -3.283098654930415, 0.26562979272917725],
  [-Infinity, Infinity, 0, 1],
];

test.each(intervals)(
  "truncatedNormal between %d and %d: mean and standard deviation of the closed form",
  (low, high, mean, std) => {
    const source = random(31);
    const n = 100_000;
    const z = Float64Array.from({ length: n }, () => truncatedNormal(source, 0, 1, low, high));
    const found = moments(z);
    expect(Math.abs(found.mean - mean)).toBeLessThan((5 * std) / Math.sqrt(n));
    expect(Math.abs(Math.sqrt(found.variance) / std - 1)).toBeLessThan(
      5 * Math.sqrt((found.kurtosis - 1) / 4 / n),
    );
    for (const value of z) if (!(value >= low && value <= high)) expect.fail(`${value} is outside`);
  },
);

test("truncatedNormal: two standard deviations by default, moved and stretched", () => {
  const source = random(1);
  const again = random(1);
  const n = 1000;
  for (let i = 0; i < n; i++)
    expect(truncatedNormal(source, 7, 0.5)).toBe(7 + 0.5 * truncatedNormal(again, 0, 1, -2, 2));
});

test("truncatedNormal: pinned bits of each envelope", () => {
  const source = random(3);
  expect(
    [
      [-2, 2],
      [0.5, 1],
      [4, 9],
      [-9, -4],
    ].map(([low, high]) => truncatedNormal(source, 0, 1, low, high)),
  ).toEqual([-0.8990048765330392, 0.8905754198209401, 4.076255544598983, -4.070548254940854]);
});

test("truncatedNormal: inside any interval, in few tries", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true }),
      fc.double({ noNaN: true }),
      fc.maxSafeInteger(),
      (a, b, seed) => {
        fc.pre(a !== b);
        const low = Math.min(a, b);
        const high = Math.max(a, b);
        let drawn = 0;
        const source = random(seed);
        const z = truncatedNormal(
          () => {
            drawn++;
            return source();
          },
          0,
          1,
          low,
          high,
        );
        expect(z).toBeGreaterThanOrEqual(low);
        expect(z).toBeLessThanOrEqual(high);
        expect(drawn).toBeLessThan(400);
      },
    ),
    { numRuns: 1000 },
  );
});

test("truncatedNormal refuses empty intervals, and sources that repeat one value", () => {
  expect(() => truncatedNormal(random(1), 0, 1, 2, 2)).toThrow(
    "truncatedNormal: expected low < high, got low 2 and high 2",
  );
  expect(() => truncatedNormal(random(1), 0, -1)).toThrow(
    "truncatedNormal: expected a finite std ≥ 0, got -1",
  );
  expect(() => truncatedNormal(random(1), Infinity)).toThrow(
    "truncatedNormal: expected a finite mean, got Infinity",
  );
  expect(() => truncatedNormal(() => 0)).toThrow("expected a source uniform in [0, 1)");
});
