import type { Layer } from "@tenon/contracts";
import { input, pass, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { dropout, sequential } from "./index.js";
import { run, type RunOptions } from "./internal/testing.js";

const ones = (n: number): RunOptions["x"] => ({
  shape: [10, n / 10],
  data: new Float64Array(n).fill(1),
});
const mask = (layer: Layer<Tensor>, options: Partial<RunOptions> = {}): number[] =>
  Array.from(run(layer, { x: ones(20_000), training: true, ...options }).y.data);

test("drops the specified fraction and preserves the mean", () => {
  for (const rate of [0.1, 0.5, 0.9]) {
    const y = mask(dropout(rate));
    const n = y.length;
    const dropped = y.filter((v) => v === 0).length / n;
    // Within five standard errors of a Bernoulli fraction.
    expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / n));
    expect(new Set(y)).toEqual(new Set([0, 1 / (1 - rate)]));
  }
});

test("neighbours are dropped independently", () => {
  const y = mask(dropout(0.5)).map((v) => (v === 0 ? -1 : 1));
  for (const lag of [1, 2, 100]) {
    const correlation =
      y.slice(lag).reduce((sum: number, v, i) => sum + v * y[i]!, 0) / (y.length - lag);
    expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(y.length));
  }
});

test("the same seed, step and path draw the same mask; another seed, step or path draws another", () => {
  const first = mask(dropout(0.5), { seed: 3, step: 7 });
  expect(mask(dropout(0.5), { seed: 3, step: 7 })).toEqual(first);
  expect(mask(dropout(0.5), { seed: 4, step: 7 })).not.toEqual(first);
  expect(mask(dropout(0.5), { seed: 3, step: 8 })).not.toEqual(first);
  expect(mask(sequential(dropout(0.5)), { seed: 3, step: 7 })).not.toEqual(first);
  // Two in a row, each with its own mask: a quarter remains.
  const both = mask(sequential(dropout(0.5), dropout(0.5)));
  expect(both.filter((v) => v !== 0).length / both.length).toBeCloseTo(0.25, 1);
});

test("the gradient flows where the values were kept", () => {
  const { y, dx } = run(dropout(0.3), { x: ones(1000), training: true });
  expect(dx.data).toEqual(y.data);
});

test("dropped elements become 0, even if they were infinite", () => {
  const y = run(dropout(0.5), {
    x: { shape: [1, 100], data: new Float64Array(100).fill(Infinity) },
    training: true,
  }).y.data;
  expect(new Set(y)).toEqual(new Set([0, Infinity]));
});

test("is the identity outside training, and adds nothing to the graph then or at rate 0", () => {
  expect(mask(dropout(0.5), { training: false })).toEqual(Array.from(ones(20_000).data));
  const x = input("x", { shape: [2, 3] });
  const seed = input("seed", { shape: [], dtype: "int32" });
  expect(dropout(0.5).forward(x, pass({ params: {} }))).toBe(x);
  expect(dropout(0).forward(x, pass({ params: {}, training: { seed, step: seed } }))).toBe(x);
});

test("names what it expected", () => {
  expect(() => dropout(1)).toThrow("dropout: expected rate in [0, 1), got 1");
  expect(() => dropout(-0.1)).toThrow("dropout: expected rate in [0, 1), got -0.1");
  expect(() => dropout(NaN)).toThrow("dropout: expected rate in [0, 1), got NaN");
});
