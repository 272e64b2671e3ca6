import fc from "fast-check";
import { expect, test } from "vitest";
import { threefry2x32, uniformAt } from "./index.js";
import { chiSquare } from "./internal/statistics.testing.js";

test("uniformAt: values known from another implementation", () => {
  expect([...uniformAt(1, 2, -3, 5)]).toEqual([
    0.7883564829826355, 0.4245990514755249, 0.5119773149490356, 0.7492314577102661,
    0.5033742785453796,
  ]);
  expect([...uniformAt(-1, 0, 0, 1)]).toEqual([0.25440651178359985]);
  expect(uniformAt(1, 2, 3, 0)).toHaveLength(0);
});

test("uniformAt is threefry2x32 of (seed, step) and (index, stream), 24 bits", () => {
  const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  fc.assert(
    fc.property(
      int32,
      int32,
      int32,
      fc.integer({ min: 1, max: 65 }),
      (seed, step, stream, length) => {
        const x = uniformAt(seed, step, stream, length);
        const half = Math.ceil(length / 2);
        const words = new Uint32Array(2);
        for (let i = 0; i < half; i++) {
          threefry2x32(seed, step, i, stream, words);
          expect(x[i]).toBe(Math.floor(words[0] / 256) / 2 ** 24);
          if (half + i < length) expect(x[half + i]).toBe(Math.floor(words[1] / 256) / 2 ** 24);
        }
      },
    ),
  );
});

test("uniformAt: even over one draw, and across steps at one place", () => {
  const bins = new Float64Array(256);
  const n = 100_000;
  for (const u of uniformAt(3, 4, 5, n)) bins[Math.floor(u * 256)]++;
  expect(Math.abs(chiSquare(bins, n / 256))).toBeLessThan(4);
  bins.fill(0);
  for (let step = 0; step < n; step++) bins[Math.floor(uniformAt(3, step, 5, 1)[0] * 256)]++;
  expect(Math.abs(chiSquare(bins, n / 256))).toBeLessThan(4);
});

test("uniformAt refuses lengths that no array has", () => {
  for (const length of [-1, 1.5, NaN, Infinity])
    expect(() => uniformAt(1, 1, 1, length)).toThrow(
      `uniformAt: expected a length that is an integer ≥ 0, got ${length}`,
    );
});
