import type { Batch, Dataset, NDArray } from "@tenon/contracts";
import { expect, test } from "vitest";
import { measure } from "./index.js";

/** A dataset of these rows, in this order. */
function dataOf(rows: number[][], targets: number[][], dtype: "int32" | "float32"): Dataset {
  const array = (values: number[][], kind: NDArray["dtype"]): NDArray => ({
    shape: [
      values.length,
      ...(values[0]!.length > 1 || kind === "float32" ? [values[0]!.length] : []),
    ],
    dtype: kind,
    data: kind === "int32" ? Int32Array.from(values.flat()) : Float64Array.from(values.flat()),
  });
  const [x, y] = [array(rows, "float32"), array(targets, dtype)];
  return {
    size: rows.length,
    x: { shape: x.shape.slice(1), dtype: "float32" },
    y: { shape: y.shape.slice(1), dtype },
    *batches({ batchSize }): Iterable<Batch> {
      for (let i = 0; i < rows.length; i += batchSize) {
        const part = [rows.slice(i, i + batchSize), targets.slice(i, i + batchSize)] as const;
        yield { x: array(part[0], "float32"), y: array(part[1], dtype) };
      }
    },
  };
}

test("mean, standard deviation, bounds, constant and unequal features, labels", async () => {
  const rows = [0, 1, 2, 3].map((i) => [i, 7, 1000 * i, 5 + i]);
  const found = await measure(dataOf(rows, [[0], [2], [2], [0]], "int32"), { classes: 4 });
  const all = rows.flat();
  const mean = all.reduce((a, b) => a + b) / 16;
  expect(found).toMatchObject({ examples: 4, features: 4, constantFeatures: 0.25, nonFinite: 0 });
  expect(found.input.mean).toBeCloseTo(mean, 9);
  expect(found.input.std).toBeCloseTo(
    Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 16),
    9,
  );
  expect(found.input).toMatchObject({ min: 0, max: 3000 });
  expect(found.scaleRatio).toBeCloseTo(1000, 9);
  // 1.5 / 1.118, 1500 / 1118, 6.5 / 1.118
  expect(found.offCentre).toBeCloseTo(1.5 / Math.sqrt(1.25), 9);
  expect(found.classCounts).toEqual([2, 0, 2, 0]);
  expect(found.targets).toEqual({ mean: 1, std: 1, min: 0, max: 2 });
});

test("a small spread around a large mean is not lost", async () => {
  const rows = [0, 1, 2, 3].map((i) => [1e8 + i]);
  const found = await measure(dataOf(rows, rows, "float32"));
  expect(found.input.std).toBeCloseTo(Math.sqrt(1.25), 6);
  expect(found.classCounts).toBeUndefined();
});

test("one-hot targets are labels; values that are not finite are counted", async () => {
  const hot = [
    [1, 0, 0],
    [0, 0, 1],
  ];
  const found = await measure(dataOf([[NaN], [2]], hot, "float32"));
  expect(found.classCounts).toEqual([1, 0, 1]);
  expect(found.nonFinite).toBeCloseTo(1 / 8);
  expect(found.input).toEqual({ mean: 2, std: 0, min: 2, max: 2 });
});

test("no more examples are read than the limit", async () => {
  const rows = Array.from({ length: 600 }, (_, i) => [i]);
  const found = await measure(dataOf(rows, rows, "float32"), { most: 300 });
  expect(found).toMatchObject({ examples: 300, input: { max: 299 } });
  await expect(measure({} as never)).rejects.toThrow("measure: expected data as a dataset");
  await expect(measure(dataOf(rows, rows, "float32"), { most: 0 })).rejects.toThrow(
    "a whole most ≥ 1",
  );
});
