import type { NDArray } from "@tenon/contracts";
import { expect, test } from "vitest";
import { accuracy, topKAccuracy } from "./index.js";

const f32 = (shape: number[], ...data: number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: Float32Array.from(data),
});
const i32 = (...data: number[]): NDArray => ({
  shape: [data.length],
  dtype: "int32",
  data: Int32Array.from(data),
});
const score = (predictions: NDArray, targets: NDArray): number =>
  accuracy.result(accuracy.update(accuracy.start, predictions, targets));

const logits = f32([4, 3], 2, -1, 0, 1, 3, 3, 5, 5, 5, -3, -2, -1);

test("counts the rows whose largest prediction is of their class, the first of ties", () => {
  expect(score(logits, i32(0, 1, 0, 2))).toBe(1);
  expect(score(logits, i32(0, 2, 1, 2))).toBe(0.5);
  expect(accuracy.result(accuracy.start)).toBeNaN();
});

test("targets are labels, in any array, or one-hot", () => {
  const oneHot = f32([4, 3], 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0);
  expect(score(logits, oneHot)).toBe(0.5);
  expect(
    score(logits, { shape: [4, 1], dtype: "float32", data: Float64Array.of(0, 2, 0, 1) }),
  ).toBe(0.5);
  expect(score(logits, { shape: [4], dtype: "int32", data: Uint8Array.of(0, 2, 0, 1) })).toBe(0.5);
  expect(
    score(f32([1, 4, 3], ...logits.data), {
      shape: [1, 4],
      dtype: "int32",
      data: Int32Array.of(0, 2, 0, 1),
    }),
  ).toBe(0.5);
  expect(score(i32(0, 1, 2), i32(0, 2, 2))).toBe(2 / 3);
});

test("a row with NaN is never right", () => {
  const broken = f32([3, 3], NaN, NaN, NaN, NaN, 1, 0, 0, 1, NaN);
  for (const label of [0, 1, 2]) {
    expect(score(broken, i32(label, label, label))).toBe(0);
    const top = topKAccuracy(2);
    expect(top.result(top.update(top.start, broken, i32(label, label, label)))).toBe(0);
  }
});

test("top-k lets in what ties with the k-th", () => {
  const run = (k: number, label: number): number => {
    const metric = topKAccuracy(k);
    return metric.result(metric.update(metric.start, f32([1, 5], 9, 7, 7, 7, 1), i32(label)));
  };
  expect([0, 1, 2, 3, 4].map((label) => run(1, label))).toEqual([1, 0, 0, 0, 0]);
  expect([0, 1, 2, 3, 4].map((label) => run(2, label))).toEqual([1, 1, 1, 1, 0]);
  expect([0, 1, 2, 3, 4].map((label) => run(4, label))).toEqual([1, 1, 1, 1, 0]);
  expect([0, 1, 2, 3, 4].map((label) => run(5, label))).toEqual([1, 1, 1, 1, 1]);
  expect(topKAccuracy().name).toBe("top5Accuracy");
});

test.each([
  [
    "a label beyond the classes",
    logits,
    i32(0, 1, 3, 0),
    "expected labels to be whole numbers in [0, 3), got 3 at 2",
  ],
  ["half a label", logits, f32([4], 0, 0.5, 1, 0), "got 0.5 at 1"],
  [
    "too few targets",
    logits,
    i32(0, 1),
    "expected targets of shape [4] (labels) or [4, 3] (one-hot) for predictions of [4, 3], got [2]",
  ],
  ["targets the wrong way round", logits, f32([3, 4], ...logits.data), "got [3, 4]"],
  [
    "one value a row",
    f32([3, 1], 1, 2, 3),
    i32(0, 1, 0),
    "use binaryAccuracy where one value decides",
  ],
])("refuses %s", (_, predictions, targets, message) => {
  expect(() => score(predictions, targets)).toThrow(`accuracy: `);
  expect(() => score(predictions, targets)).toThrow(message);
  expect(() => topKAccuracy(2).update(topKAccuracy(2).start, predictions, targets)).toThrow(
    message,
  );
});

test("refuses an invalid k", () => {
  expect(() => topKAccuracy(0)).toThrow("topKAccuracy: expected a whole k ≥ 1, got 0");
  expect(() => topKAccuracy(1.5)).toThrow("got 1.5");
});
