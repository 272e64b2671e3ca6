import fc from "fast-check";
import { expect, test } from "vitest";
import { integer, random } from "./index.js";
import { chiSquare } from "./internal/statistics.testing.js";

test("integer: every value equally often", () => {
  for (const count of [2, 3, 7, 10, 1000]) {
    const source = random(count);
    const bins = new Float64Array(count);
    const n = 1000 * count;
    for (let i = 0; i < n; i++) bins[integer(source, -5, count - 5) + 5]++;
    expect(Math.abs(chiSquare(bins, 1000)), `${count} values`).toBeLessThan(4);
  }
});

test("integer: inside [low, high) for any bounds and any number of the source", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.nat(), (a, b, seed) => {
      const low = Math.min(a, b);
      const high = Math.max(a, b);
      fc.pre(low < high && high - low <= 2 ** 53);
      const k = integer(random(seed), low, high);
      expect(Number.isSafeInteger(k)).toBe(true);
      expect(k).toBeGreaterThanOrEqual(low);
      expect(k).toBeLessThan(high);
    }),
  );
});

test("integer divides the source's 2⁵³ values evenly and draws again for the rest", () => {
  const bucket = Math.floor(2 ** 53 / 3);
  const from = (...words: number[]): number => integer(() => words.shift()! / 2 ** 53, 0, 3);
  expect(from(0)).toBe(0);
  expect(from(bucket - 1)).toBe(0);
  expect(from(bucket)).toBe(1);
  expect(from(2 * bucket - 1)).toBe(1);
  expect(from(3 * bucket - 1)).toBe(2);
  expect(from(3 * bucket, 3 * bucket + 1, 0)).toBe(0);
});

test("integer refuses empty ranges, and sources that repeat one value", () => {
  expect(() => integer(random(1), 3, 3)).toThrow(
    "integer: expected whole low < high that differ by at most 2^53, got low 3 and high 3",
  );
  expect(() => integer(random(1), 0, 2.5)).toThrow("got low 0 and high 2.5");
  expect(() => integer(random(1), -(2 ** 53) + 1, 2 ** 53 - 1)).toThrow(
    "that differ by at most 2^53",
  );
  expect(() => integer(() => NaN, 0, 3)).toThrow("expected a source uniform in [0, 1)");
});
