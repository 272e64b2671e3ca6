import type { NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { scaled, toSymmetric, toUnit, unscaled } from "./index.js";

const f64 = (shape: number[], ...data: number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: Float64Array.from(data),
});

test("toUnit takes bytes to [0, 1], as dividing by 255 does", () => {
  const bytes: NDArray = {
    shape: [256],
    dtype: "int32",
    data: Uint8Array.from({ length: 256 }, (_, i) => i),
  };
  expect([...scaled(bytes, toUnit()).data]).toEqual(
    Array.from({ length: 256 }, (_, i) => Math.fround(i / 255)),
  );
  expect([...scaled(f64([3], 10, 15, 20), toUnit({ min: 10, max: 20 })).data]).toEqual([0, 0.5, 1]);
});

test("toSymmetric takes bytes to [-1, 1]", () => {
  expect([...scaled(f64([3], 0, 127.5, 255), toSymmetric()).data]).toEqual([-1, 0, 1]);
  expect([...scaled(f64([3], 10, 15, 20), toSymmetric({ min: 10, max: 20 })).data]).toEqual([
    -1, 0, 1,
  ]);
});

test("lists go by channel, or by place", () => {
  const pixels = f64([1, 2, 2], 1, 10, 3, 30);
  expect([...scaled(pixels, { center: [1, 10], scale: [2, 20] }).data]).toEqual([0, 0, 1, 1]);
  expect([...scaled(pixels, { center: 0, scale: [1, 2, 3, 4] }).data]).toEqual([1, 5, 1, 7.5]);
  expect(scaled(pixels, toUnit()).shape).toEqual([1, 2, 2]);
});

test("unscaled undoes scaled, also after JSON", () => {
  const double = fc.double({ min: -1000, max: 1000, noNaN: true });
  const scale = fc.double({ min: 0.01, max: 100, noNaN: true });
  const scaling = fc.oneof(
    fc.record({ center: double, scale }),
    fc.record({ center: fc.tuple(double, double), scale: fc.tuple(scale, scale) }),
    fc.record({ center: fc.tuple(double, double), scale }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(double, double), { minLength: 1 }),
      scaling,
      (pairs, description) => {
        const x = f64([pairs.length, 2], ...pairs.flat());
        const back = unscaled(scaled(x, description), JSON.parse(JSON.stringify(description)));
        back.data.forEach((value, i) => expect(Math.abs(value - x.data[i])).toBeLessThan(1e-3));
      },
    ),
  );
});

test.each([
  [{ center: NaN, scale: 1 }, "scaled: expected center to be finite, got NaN"],
  [{ center: 0, scale: 0 }, "scaled: expected scale to be finite and not 0, got 0"],
  [
    { center: [0, 0], scale: [1, Infinity] },
    "scaled: expected scale to be finite and not 0, got Infinity",
  ],
  [
    { center: [0, 0, 0], scale: 1 },
    "scaled: expected a list for center that repeats evenly along 4 values, got 3 values",
  ],
  [
    { center: 0, scale: [] },
    "scaled: expected a list for scale that repeats evenly along 4 values, got 0 values",
  ],
  [
    { center: [0, 0], scale: [1, 1, 1, 1] },
    "scaled: expected as many centers as scales, got 2 and 4",
  ],
])("refuses %j", (scaling, message) => {
  expect(() => scaled(f64([4], 1, 2, 3, 4), scaling)).toThrow(message);
  expect(() => unscaled(f64([4], 1, 2, 3, 4), scaling)).toThrow(
    message.replace("scaled", "unscaled"),
  );
});

test("refuses an empty range", () => {
  expect(() => toUnit({ min: 3, max: 3 })).toThrow(
    "toUnit: expected finite min < max, got min 3, max 3",
  );
  expect(() => toSymmetric({ max: Infinity })).toThrow(
    "toSymmetric: expected finite min < max, got min 0, max Infinity",
  );
});
