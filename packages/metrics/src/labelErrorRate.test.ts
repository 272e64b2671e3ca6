import type { NDArray } from "@tenon/contracts";
import { expect, test } from "vitest";
import { ctcDecode, labelErrorRate } from "./index.js";

const labels = (rows: readonly (readonly number[])[]): NDArray => ({
  shape: [rows.length, rows[0]!.length],
  dtype: "int32",
  data: Int32Array.from(rows.flat()),
});
/** Logits of steps at which these classes are the largest. */
const logits = (rows: readonly (readonly number[])[], classes: number): NDArray => ({
  shape: [rows.length, rows[0]!.length, classes],
  dtype: "float32",
  data: Float32Array.from(
    rows.flat().flatMap((best) => Array.from({ length: classes }, (_, c) => (c === best ? 3 : -c))),
  ),
});
const rate = (predictions: NDArray, targets: NDArray, blank = 0): number => {
  const metric = labelErrorRate({ blank });
  return metric.result(metric.update(metric.start, predictions, targets));
};
const letters = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));

test("reads labels out as Graves' B does: B(a − a b −) = B(− a a − − a b b) = a a b", () => {
  const paths = [
    [1, 0, 1, 2, 0, 0, 0, 0],
    [0, 1, 1, 0, 0, 1, 2, 2],
  ];
  expect(ctcDecode(logits(paths, 3))).toEqual([
    [1, 1, 2],
    [1, 1, 2],
  ]);
  expect(ctcDecode(logits([[1, 1, 2, 0]], 3), { blank: 2 })).toEqual([[1, 0]]);
});

test("counts as Levenshtein's distance does, over the labels there are", () => {
  // From the textbooks: kitten to sitting takes 3, Saturday to Sunday 3.
  expect(rate(labels([letters("kitten")]), labels([letters("sitting")]))).toBe(3 / 7);
  expect(rate(labels([letters("Saturday")]), labels([letters("Sunday")]))).toBe(3 / 6);
  expect(rate(labels([[0, 0]]), labels([[5, 7]]))).toBe(1);
  expect(rate(labels([[3, 4, 5]]), labels([[-1, 7, 7]]))).toBe(Infinity);
});

test("all examples are pooled, ends are filled up, and weights count", () => {
  const predictions = logits(
    [
      [1, 0, 2, 2],
      [3, 3, 0, 1],
    ],
    4,
  );
  const targets = labels([
    [1, 2, 0],
    [3, 2, -1],
  ]);
  expect(rate(predictions, targets)).toBe(1 / 4);
  const metric = labelErrorRate();
  const weights = { shape: [2], dtype: "float32", data: Float32Array.of(1, 3) } as const;
  expect(metric.result(metric.update(metric.start, predictions, targets, weights))).toBe(3 / 8);
});

test("refuses what is no sequence", () => {
  expect(() => rate(logits([[1]], 3), labels([[1], [2]]))).toThrow(
    "labelErrorRate: expected targets for 1 predictions, got 2",
  );
  const flat = { shape: [2], dtype: "int32", data: Int32Array.of(1, 2) } as const;
  expect(() => rate(flat, flat)).toThrow(
    "labelErrorRate: expected predictions of shape [n, length], got [2]",
  );
  for (const wrong of [NaN, 0.5, Infinity]) {
    const targets = { shape: [1, 2], dtype: "float32", data: Float32Array.of(1, wrong) } as const;
    expect(() => rate(labels([[1, 2]]), targets)).toThrow(
      `labelErrorRate: expected targets to be whole numbers, got ${wrong} at 1`,
    );
  }
  expect(() => labelErrorRate({ blank: -1 })).toThrow(
    "labelErrorRate: expected a whole blank ≥ 0, got -1",
  );
  expect(() => ctcDecode(logits([[1]], 3), { blank: 3 })).toThrow(
    "ctcDecode: expected a whole blank in [0, 2], got 3",
  );
});
