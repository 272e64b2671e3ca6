import type { NDArray } from "@tenon/contracts";
import { expect, test } from "vitest";
import { averageWeights } from "./averageWeights.js";

const array = (shape: number[], ...data: number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: Float32Array.from(data),
});

test("the mean of each element", () => {
  expect(
    averageWeights([
      { w: array([2], 1, 2), b: array([], 3) },
      { b: array([], 4), w: array([2], 3, 2) },
      { w: array([2], 2, 5), b: array([], 8) },
    ]),
  ).toEqual({ w: array([2], 2, 3), b: array([], 5) });
});
test("sums are float64: a large value and its negative cancel exactly", () => {
  expect(
    averageWeights([
      { w: array([1], 2 ** 30) },
      { w: array([1], 1) },
      { w: array([1], -(2 ** 30)) },
    ])["w"]!.data[0],
  ).toBe(Math.fround(1 / 3));
});
test("of one model it is a copy, of the same dtype", () => {
  const w: NDArray = { shape: [1], dtype: "float32", data: Float64Array.of(0.1) };
  const averaged = averageWeights([{ w }])["w"]!;
  expect(averaged.data).toEqual(Float64Array.of(0.1));
  expect(averaged.data).not.toBe(w.data);
});
test("models that do not fit are refused, with the difference", () => {
  expect(() => averageWeights([])).toThrow("averageWeights: expected at least one model, got none");
  expect(() =>
    averageWeights([
      { a: array([1], 1), b: array([2], 1, 2) },
      { b: array([1], 1), c: array([1], 1) },
    ]),
  ).toThrow(
    'got a model 1 that differs from model 0:\n  missing: "a"\n  unexpected: "c"\n  "b" is float32 [1] of 1 values, expected float32 [2] of 2',
  );
  expect(() =>
    averageWeights([{ n: { shape: [1], dtype: "int32", data: Int32Array.of(1) } }]),
  ).toThrow('averageWeights: expected float32 parameters, got int32 in "n"');
});
