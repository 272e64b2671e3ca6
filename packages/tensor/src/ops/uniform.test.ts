import { uniformAt } from "@tenon/random";
import { expect, test } from "vitest";
import { variance } from "./reduce.js";
import { tensor } from "./leaf.js";
import { uniform } from "./uniform.js";

const int = (n: number) => tensor(n, [], "int32");

test("draws the values that @tenon/random promises for (seed, step, stream, index)", () => {
  const x = uniform([2, 3], int(7), int(40), 5);
  expect(x).toMatchObject({ shape: [2, 3], dtype: "float32" });
  expect(x.data()).toEqual(uniformAt(7, 40, 5, 6));
  expect(uniform([], int(7), int(40)).item()).toBe(uniformAt(7, 40, 0, 1)[0]);
  expect(uniform([0], int(1), int(1)).data().length).toBe(0);
});

test("every one of seed, step and stream matters", () => {
  const draws = [
    [1, 2, 3],
    [2, 2, 3],
    [1, 3, 3],
    [1, 2, 4],
  ].map(([seed, step, stream]) => uniform([4], int(seed!), int(step!), stream).data().join());
  expect(new Set(draws).size).toBe(4);
});

test("is in [0, 1) with mean ½ and variance 1/12", () => {
  const x = uniform([10000], int(3), int(0));
  expect(x.min().item()).toBeGreaterThanOrEqual(0);
  expect(x.max().item()).toBeLessThan(1);
  // Five standard errors.
  expect(Math.abs(x.mean().item() - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / 10000));
  expect(Math.abs(variance(x).item() - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / 10000));
});

test("impossible arguments are refused by name", () => {
  expect(() => uniform([2], tensor(1), int(1))).toThrow(
    "uniform: expected seed and step as int32 scalars, got float32 []",
  );
  expect(() => uniform([2], int(1), int(1).reshape([1]))).toThrow("got int32 [1]");
  expect(() => uniform([2], int(1), int(1), 0.5)).toThrow(
    "uniform: expected an integer stream, got 0.5",
  );
  expect(() => uniform([-2], int(1), int(1))).toThrow("uniform: expected sizes");
});
