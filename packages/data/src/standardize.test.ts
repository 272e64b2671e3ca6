import type { NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dataset, rescale, standardize, subset, toUnit, type InMemoryDataset } from "./index.js";

const datasetOf = (x: NDArray): InMemoryDataset =>
  dataset({ x, y: { shape: [x.shape[0]], dtype: "int32", data: new Int32Array(x.shape[0]) } });
const pixels = datasetOf({
  shape: [2, 1, 2, 2],
  dtype: "int32",
  data: Uint8Array.of(1, 10, 3, 10, 5, 10, 7, 10),
});

test("means and deviations are those of pencil and paper", () => {
  // Channel 0: 1, 3, 5, 7: mean 4, variance (9 + 1 + 1 + 9) / 4 = 5. Channel 1 is constant.
  expect(standardize(pixels, { per: "channel" })).toEqual({
    center: [4, 10],
    scale: [Math.sqrt(5), 1],
  });
  // All: mean 7, variance (36 + 16 + 4 + 0 + 4·9) / 8 = 11.5.
  expect(standardize(pixels)).toEqual({ center: 7, scale: Math.sqrt(11.5) });
  expect(standardize(pixels, { per: "place" })).toEqual({
    center: [3, 10, 5, 10],
    scale: [2, 1, 2, 1],
  });
});

test("without being told, each column of a table has its own mean and deviation", () => {
  const table = datasetOf({
    shape: [2, 2],
    dtype: "float32",
    data: Float32Array.of(0.1, 4000, 0.3, 5000),
  });
  const { center, scale } = standardize(table);
  expect(center).toEqual([expect.closeTo(0.2, 6), 4500]);
  expect(scale).toEqual([expect.closeTo(0.1, 6), 500]);
  expect(standardize(table, { per: "all" }).center).toBeCloseTo(2250.1, 4);
});

test("only the examples of the set count", () => {
  expect(standardize(subset(pixels, [1]), { per: "channel" })).toEqual({
    center: [6, 10],
    scale: [1, 1],
  });
});

test("standardized examples have mean 0 and standard deviation 1", () => {
  const floats = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), {
    minLength: 60,
    maxLength: 60,
  });
  fc.assert(
    fc.property(floats, fc.constantFrom("all", "channel", "place"), (values, per) => {
      const train = datasetOf({
        shape: [10, 2, 3],
        dtype: "float32",
        data: Float32Array.from(values),
      });
      const scaling = standardize(train, { per });
      const { data } = rescale(train, scaling).gather(Array.from({ length: 10 }, (_, i) => i)).x;
      const period = { all: 1, channel: 3, place: 6 }[per];
      for (let group = 0; group < period; group++) {
        const mine = [...data].filter((_, i) => i % period === group);
        const mean = mine.reduce((a, b) => a + b) / mine.length;
        const std = Math.sqrt(
          mine.reduce((sum, value) => sum + (value - mean) ** 2, 0) / mine.length,
        );
        const { scale } = scaling;
        if ((typeof scale === "number" ? scale : scale[group]) > 1e-3)
          expect(std).toBeCloseTo(1, 3);
        expect(Math.abs(mean)).toBeLessThan(1e-2);
      }
    }),
  );
});

test("refuses a second scaling, values that are not finite, and an unknown group", () => {
  const unit = rescale(pixels, toUnit());
  expect(() => rescale(unit, toUnit())).toThrow("rescale: expected a dataset without a scaling");
  expect(() => standardize(unit)).toThrow("standardize: expected a dataset without a scaling");
  expect(() =>
    standardize(datasetOf({ shape: [2, 1], dtype: "float32", data: Float32Array.of(1, NaN) })),
  ).toThrow("standardize: expected finite values");
  expect(() => standardize(pixels, { per: "row" as "all" })).toThrow(
    'standardize: expected per to be "all", "channel" or "place", got "row"',
  );
  expect(() => rescale(pixels, { center: [1, 2, 3], scale: 1 })).toThrow(
    "rescale: expected a list for center that repeats evenly along 4 values, got 3",
  );
});

test("rescale leaves the dataset it was given as it is", () => {
  expect(rescale(pixels, toUnit()).gather([0]).x.dtype).toBe("float32");
  expect(pixels.gather([0]).x.data).toEqual(Uint8Array.of(1, 10, 3, 10));
});
