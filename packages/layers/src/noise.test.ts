import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { run, type Given } from "./internal/testing.js";

const filled = (shape: readonly number[], value: number): Given => ({
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b)).fill(value),
});
const trained = (layer: Layer<Tensor>, x: Given, more = {}): number[] =>
  Array.from(run(layer, { x, training: true, ...more }).y.data);
const moments = (values: readonly number[]): { mean: number; variance: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length };
};
const n = 20_000;
/** Five standard errors of a mean of n values. */
const close = (got: number, want: number, variance: number): void =>
  expect(Math.abs(got - want)).toBeLessThan(5 * Math.sqrt(variance / n));

test("Gaussian noise is normal: mean 0, its standard deviation, 68 % within one of them", () => {
  const noise = trained(layers.gaussianNoise(0.5), filled([10, n / 10], 2)).map((y) => y - 2);
  const { mean, variance } = moments(noise);
  close(mean, 0, 0.25);
  close(variance, 0.25, 2 * 0.25 ** 2);
  const within = noise.filter((v) => Math.abs(v) < 0.5).length / n;
  close(within, 0.6826894921, 0.6827 * 0.3173);
  // Neighbours are independent.
  const products = noise.slice(1).map((v, i) => v * noise[i]!);
  close(moments(products).mean, 0, 0.25 ** 2);
});

test("Gaussian dropout has the mean 1 and the variance of dropout", () => {
  const { mean, variance } = moments(trained(layers.gaussianDropout(0.2), filled([10, n / 10], 1)));
  close(mean, 1, 0.25);
  close(variance, 0.25, 2 * 0.25 ** 2);
});

test("alpha dropout keeps mean 0 and variance 1", () => {
  const normal = trained(layers.gaussianNoise(1), filled([10, n / 10], 0));
  const y = trained(layers.alphaDropout(0.3), { shape: [10, n / 10], data: normal }, { seed: 9 });
  const { mean, variance } = moments(y);
  close(mean, 0, 1);
  close(variance, 1, 3);
  const saturated = -1.7580993408473766;
  const dropped = (0.7 * saturated) / Math.sqrt(0.7 * (1 + 0.3 * saturated ** 2));
  close(y.filter((v) => Math.abs(v - dropped) < 1e-9).length / n, 0.3, 0.21);
});

test("spatial dropout drops whole channels of an example", () => {
  const y = trained(layers.spatialDropout(0.5), filled([50, 2, 3, 20], 1));
  for (let i = 0; i < 50; i++)
    for (let c = 0; c < 20; c++) {
      const channel = Array.from({ length: 6 }, (_, k) => y[(i * 6 + k) * 20 + c]);
      expect(new Set(channel).size).toBe(1);
    }
  expect(new Set(y)).toEqual(new Set([0, 2]));
});

test("stochastic depth drops examples, or the batch", () => {
  const y = trained(layers.stochasticDepth(0.25), filled([400, 3], 1));
  const examples = Array.from({ length: 400 }, (_, i) => y.slice(3 * i, 3 * i + 3));
  for (const example of examples) expect(new Set(example).size).toBe(1);
  expect(new Set(y)).toEqual(new Set([0, 1 / 0.75]));
  const dropped = examples.filter(([v]) => v === 0).length / 400;
  expect(Math.abs(dropped - 0.25)).toBeLessThan(5 * Math.sqrt(0.1875 / 400));
  const batches = Array.from({ length: 40 }, (_, step) =>
    trained(layers.stochasticDepth(0.5, { per: "batch" }), filled([5, 2], 1), { step }),
  );
  for (const batch of batches) expect(new Set(batch).size).toBe(1);
  expect(new Set(batches.flat())).toEqual(new Set([0, 2]));
});

test("drop block drops squares, about the fraction of the rate, and keeps the sum", () => {
  const size = 40;
  const y = trained(layers.dropBlock(0.2, 3), filled([5, size, size, 2], 1));
  const dropped = y.filter((v) => v === 0).length / y.length;
  expect(dropped).toBeGreaterThan(0.1);
  expect(dropped).toBeLessThan(0.25);
  expectClose([y.reduce((a, b) => a + b)], [y.length], 1e-9);
  const isZero = (i: number, j: number): boolean => y[(i * size + j) * 2] === 0;
  // Each dropped cell is in a square of dropped ones.
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      if (!isZero(i, j)) continue;
      const squares = [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => [i - a, j - b] as const));
      expect(
        squares.some(([top, left]) =>
          [0, 1, 2].every((a) =>
            [0, 1, 2].every(
              (b) =>
                top >= 0 &&
                left >= 0 &&
                top + a < size &&
                left + b < size &&
                isZero(top + a, left + b),
            ),
          ),
        ),
      ).toBe(true);
    }
});

test("drop connect drops weights, the same for all examples", () => {
  const params = { kernel: filled([50, 40], 1), bias: filled([40], 0) };
  const layer = layers.dropConnect(layers.dense(40), 0.5);
  const eye = { shape: [50, 50], data: Array.from({ length: 2500 }, (_, i) => +(i % 51 === 0)) };
  const weights = trained(layer, eye, { params });
  expect(new Set(weights)).toEqual(new Set([0, 2]));
  expect(Math.abs(moments(weights).mean - 1)).toBeLessThan(5 / Math.sqrt(2000));
  const twice = { shape: [2, 50], data: Array.from({ length: 100 }, (_, i) => i % 50) };
  const y = trained(layer, twice, { params });
  expect(y.slice(0, 40)).toEqual(y.slice(40));
  expect(Array.from(run(layer, { x: twice, params }).y.data)).toEqual(new Array(80).fill(1225));
});

test("a rate or a deviation of 0 changes nothing", () => {
  const x = filled([2, 2, 2, 2], 3);
  for (const layer of [
    layers.alphaDropout(0),
    layers.dropBlock(0, 2),
    layers.gaussianDropout(0),
    layers.gaussianNoise(0),
    layers.spatialDropout(0),
    layers.stochasticDepth(0),
  ])
    expect(trained(layer, x)).toEqual(Array.from(x.data));
});

test.each([
  [() => layers.gaussianNoise(-1), "gaussianNoise: expected std as a finite number ≥ 0, got -1"],
  [() => layers.dropBlock(1, 2), "dropBlock: expected rate in [0, 1), got 1"],
  [() => layers.dropBlock(0.1, 2).plan([4]), "dropBlock: expected an image"],
  [() => layers.spatialDropout(0.1).plan([4]), "spatialDropout: expected positions and channels"],
  [
    () => layers.stochasticDepth(0.1, { per: "row" as never }),
    'stochasticDepth: expected per "example" or "batch", got "row"',
  ],
  [
    () => layers.dropConnect(layers.relu(), 0.1).plan([4]),
    'dropConnect: expected a layer with a parameter "kernel", got relu with none',
  ],
])("refuses %s", (call, message) => {
  expect(call).toThrow(message);
});
