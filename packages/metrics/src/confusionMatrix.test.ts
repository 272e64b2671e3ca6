import type { NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  accuracy,
  balancedAccuracy,
  binaryAccuracy,
  classScores,
  cohenKappa,
  confusionCounts,
  confusionMatrix,
  fBeta,
  matthewsCorrelation,
  meanIoU,
  precision,
  recall,
} from "./index.js";

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

// Truth 0: taken for 0, 0, 1. Truth 1: taken for 1. Truth 2: taken for 0, 2.
const truth = i32(0, 0, 0, 1, 2, 2);
const predicted = i32(0, 0, 1, 1, 0, 2);

test("rows are the truth, columns the predictions", () => {
  const metric = confusionMatrix(3);
  const state = metric.update(metric.start, predicted, truth);
  expect(confusionCounts(state)).toEqual([
    [2, 1, 0],
    [0, 1, 0],
    [1, 0, 1],
  ]);
  expect(metric.result(state)).toBe(4 / 6);
  expect(confusionCounts(metric.start)).toEqual([
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test("scores of the classes are those of pencil and paper", () => {
  const metric = confusionMatrix(4);
  expect(classScores(metric.update(metric.start, predicted, truth))).toEqual([
    { precision: 2 / 3, recall: 2 / 3, f1: 4 / 6, support: 3 },
    { precision: 1 / 2, recall: 1, f1: 2 / 3, support: 1 },
    { precision: 1, recall: 1 / 2, f1: 2 / 3, support: 2 },
    { precision: 0, recall: 0, f1: 0, support: 0 },
  ]);
});

const result = (
  metric: ReturnType<typeof confusionMatrix>,
  p: NDArray = predicted,
  t: NDArray = truth,
): number => metric.result(metric.update(metric.start, p, t));

test("averages", () => {
  expect(result(precision({ classes: 3 }))).toBeCloseTo((2 / 3 + 1 / 2 + 1) / 3, 12);
  expect(result(precision({ classes: 3, average: "weighted" }))).toBeCloseTo(
    (3 * (2 / 3) + 1 / 2 + 2) / 6,
    12,
  );
  expect(result(precision({ classes: 3, average: "micro" }))).toBeCloseTo(4 / 6, 12);
  expect(result(recall({ classes: 3 }))).toBeCloseTo((2 / 3 + 1 + 1 / 2) / 3, 12);
  expect(result(fBeta({ classes: 3 }))).toBeCloseTo(2 / 3, 12);
  expect(result(balancedAccuracy(4))).toBeCloseTo((2 / 3 + 1 + 1 / 2) / 3, 12);
  expect(result(meanIoU(4))).toBeCloseTo((2 / 4 + 1 / 2 + 1 / 2) / 3, 12);
});

test("agreement by chance is nothing, full agreement is 1", () => {
  const [t, p] = [i32(0, 0, 1, 1), i32(0, 1, 0, 1)];
  expect(result(cohenKappa(2), p, t)).toBe(0);
  expect(result(matthewsCorrelation(2), p, t)).toBe(0);
  expect(result(cohenKappa(2), t, t)).toBe(1);
  expect(result(matthewsCorrelation(2), t, t)).toBe(1);
  expect(result(matthewsCorrelation(2), i32(1, 1, 0, 0), t)).toBe(-1);
  expect(result(matthewsCorrelation(2), i32(0, 0, 0, 0), t)).toBe(0);
});

test("two classes decided by one value and a threshold", () => {
  const [p, t] = [f32([5, 1], 0.9, 0.8, 0.5, 0.4, 0.1), f32([5], 1, 0, 1, 1, 0)];
  expect(result(precision(), p, t)).toBe(1 / 2);
  expect(result(recall(), p, t)).toBe(1 / 3);
  expect(result(recall({ threshold: 0.3 }), p, t)).toBe(1);
  expect(result(fBeta({ beta: 2 }), p, t)).toBeCloseTo(
    (5 * (1 / 2) * (1 / 3)) / (4 / 2 + 1 / 3),
    12,
  );
  expect(result(binaryAccuracy(), p, t)).toBe(2 / 5);
  expect(result(binaryAccuracy({ threshold: 0.3 }), p, t)).toBe(4 / 5);
  expect(result(precision({ threshold: 2 }), p, t)).toBe(0);
});

test("its accuracy is that of accuracy", () => {
  const rows = fc.array(
    fc.tuple(fc.array(fc.float({ noNaN: true }), { minLength: 4, maxLength: 4 }), fc.nat(3)),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(rows, (examples) => {
      const p = f32([examples.length, 4], ...examples.flatMap(([row]) => row));
      const t = i32(...examples.map(([, label]) => label));
      expect(result(confusionMatrix(4), p, t)).toBe(
        accuracy.result(accuracy.update(accuracy.start, p, t)),
      );
      expect(result(precision({ classes: 4, average: "micro" }), p, t)).toBe(
        result(confusionMatrix(4), p, t),
      );
    }),
  );
});

test.each([
  ["one class", () => confusionMatrix(1), "confusionMatrix: expected a whole classes ≥ 2, got 1"],
  [
    "another number of classes",
    () => result(confusionMatrix(4), f32([1, 3], 1, 2, 3), i32(0)),
    "confusionMatrix: expected predictions for 4 classes, got 3",
  ],
  [
    "a label beyond them",
    () => result(confusionMatrix(2)),
    "confusionMatrix: expected labels to be whole numbers in [0, 2), got 2 at 4",
  ],
  [
    "NaN",
    () => result(meanIoU(3), f32([1, 3], 1, NaN, 3), i32(0)),
    "meanIoU: expected no NaN, got NaN among the predictions",
  ],
  [
    "NaN against a threshold",
    () => result(recall(), f32([1], NaN), f32([1], 0)),
    "recall: expected no NaN, got NaN",
  ],
  [
    "a target that is neither",
    () => result(binaryAccuracy(), f32([2], 0, 1), f32([2], 0, 2)),
    "binaryAccuracy: expected targets of 0 and 1, got 2 at 1",
  ],
  [
    "other shapes",
    () => result(binaryAccuracy(), f32([2, 2], 0, 1, 0, 1), f32([4], 0, 1, 0, 1)),
    "binaryAccuracy: expected targets of the predictions' shape [2, 2], got [4]",
  ],
  [
    "no threshold",
    () => binaryAccuracy({ threshold: NaN }),
    "binaryAccuracy: expected a finite threshold, got NaN",
  ],
  [
    "an average without classes",
    () => precision({ average: "macro" }),
    'precision: expected classes with average "macro"',
  ],
  [
    "a label without classes",
    () => precision({ label: 1 }),
    "precision: expected classes with label 1, got none",
  ],
  [
    "a label beyond the classes",
    () => precision({ classes: 3, label: 3 }),
    "precision: expected a whole label in [0, 2], got 3",
  ],
  [
    "an average and a label",
    () => fBeta({ classes: 3, label: 1, average: "micro" }),
    "fBeta: expected either an average or a label, got both",
  ],
  [
    "a negative weight",
    () => {
      const metric = recall();
      metric.update(metric.start, f32([2], 0, 1), f32([2], 0, 1), f32([2], 1, -1));
    },
    "recall: expected finite weights ≥ 0, got -1 at 1",
  ],
  [
    "classes and a threshold",
    () => recall({ classes: 3, threshold: 0.5 }),
    "recall: expected either classes or a threshold, got both",
  ],
  [
    "an unknown average",
    () => recall({ classes: 3, average: "none" as "macro" }),
    'recall: expected average to be "macro", "micro" or "weighted", got "none"',
  ],
  ["a beta of 0", () => fBeta({ beta: 0 }), "fBeta: expected beta to be positive, got 0; use 1"],
  ["a negative eps", () => fBeta({ eps: -1 }), "fBeta: expected eps of at least 0, got -1; use 0"],
])("refuses %s", (_, run, message) => expect(run).toThrow(message));
