import fc from "fast-check";
import { expect, test } from "vitest";
import { random, uniform } from "./index.js";
import { moments } from "./internal/statistics.testing.js";

test("uniform: mean and variance of the interval", () => {
  const source = random(1);
  const n = 100_000;
  const { mean, variance } = moments(
    Float64Array.from({ length: n }, () => uniform(source, -3, 5)),
  );
  expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(64 / 12 / n));
  expect(Math.abs(variance - 64 / 12)).toBeLessThan(5 * 64 * Math.sqrt(1 / 180 / n));
});

test("uniform stays in [low, high) for every value of the source", () => {
  const bound = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
  fc.assert(
    fc.property(
      bound,
      bound,
      fc.double({ noNaN: true, min: 0, max: 1, maxExcluded: true }),
      (a, b, u) => {
        const low = Math.min(a, b);
        const high = Math.max(a, b);
        const x = uniform(() => u, low, high);
        expect(x).toBeGreaterThanOrEqual(low);
        if (low < high) expect(x).toBeLessThan(high);
        else expect(x).toBe(low);
      },
    ),
  );
});

test("uniform refuses bounds that are no interval", () => {
  expect(() => uniform(random(1), 1, 0)).toThrow(
    "uniform: expected finite low ≤ high, got low 1 and high 0",
  );
  expect(() => uniform(random(1), 0, NaN)).toThrow("got low 0 and high NaN");
  expect(() => uniform(random(1), -Infinity, 0)).toThrow("uniform: expected finite low");
});
