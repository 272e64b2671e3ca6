import fc from "fast-check";
import { expect, test } from "vitest";
import { permutation, random } from "./index.js";
import { chiSquare } from "./internal/statistics.testing.js";

test("permutation holds every index once", () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(), (n, seed) => {
      expect([...permutation(random(seed), n)].sort((a, b) => a - b)).toEqual(
        Array.from({ length: n }, (_, i) => i),
      );
    }),
  );
});

test("permutation: all 24 orders of four equally often", () => {
  const source = random(1);
  const counts = new Map<string, number>();
  const n = 48_000;
  for (let i = 0; i < n; i++) {
    const order = permutation(source, 4).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  expect(Math.abs(chiSquare(Float64Array.from(counts.values()), n / 24))).toBeLessThan(4);
});

test("permutation: pinned order", () => {
  expect([...permutation(random(1), 8)]).toEqual([7, 2, 3, 1, 4, 6, 0, 5]);
});

test("permutation refuses invalid lengths", () => {
  for (const n of [-1, 1.5, NaN, 2 ** 32])
    expect(() => permutation(random(1), n)).toThrow(
      `permutation: expected an integer n in [0, 2^32), got ${n}`,
    );
});
