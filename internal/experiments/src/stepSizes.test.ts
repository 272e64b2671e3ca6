import { expect, test } from "vitest";
import { stepSizes, stepSizesOf } from "./stepSizes.js";

test("changes are counted by their size, in four bins to a factor of ten", () => {
  const sizes = stepSizes({ a: [0, 1.5e-3, -1.5e-3], b: [-0.9, 1e-12, 1e3, NaN] });
  const found = Object.values(sizes).map((counts) =>
    counts.flatMap((count, bin) => (count > 0 ? [[bin, count]] : [])),
  );
  // 1e-8 · 10^(20 / 4) = 1e-3, and 0.9 lies above 10^(-1/4) = 0.56.
  expect(found).toEqual([[[20, 2]], [[31, 1]]]);
});

test("the picture has a row for each arm and a column for each layer's weights", () => {
  const changes = {
    "dense1/bias": [1],
    "dense1/kernel": [1.5e-3, 2e-3, 0.1],
    "dense2/kernel": [1],
  };
  const { series } = stepSizesOf({ id: "x", record: "sizes" }).chart({
    ...{ arms: { a: null, b: null }, values: {} },
    runs: [{ arm: "a", seed: 1, records: { sizes: stepSizes(changes) } }],
    size: { train: 1, validation: 1, epochs: 1, batchSize: 1, seeds: 1 },
  });
  expect(series.map(({ arm, column }) => [arm, column])).toEqual([
    ["a", "1"],
    ["a", "2"],
  ]);
  const points = series[0]!.points.filter(({ y }) => y! > 0);
  expect(points.map(({ x, y }) => [x, y])).toEqual([
    [-2.875, 1], // 1.3e-3: between 1e-3 and 1.8e-3
    [-2.625, 1],
    [-0.875, 1],
  ]);
});
