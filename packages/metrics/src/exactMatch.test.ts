import type { NDArray } from "@tenon/contracts";
import { expect, test } from "vitest";
import {
  auc,
  exactMatch,
  explainedVariance,
  r2Score,
  rocCurve,
  specificity,
  symmetricMeanAbsolutePercentageError,
  type ScoreOptions,
} from "./index.js";

const f64 = (shape: readonly number[], ...data: number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: Float64Array.from(data),
});
const i32 = (shape: readonly number[], ...data: number[]): NDArray => ({
  shape,
  dtype: "int32",
  data: Int32Array.from(data),
});

test("exactMatch counts examples all of whose labels are right", () => {
  const metric = exactMatch();
  const of = (p: NDArray, t: NDArray): number => metric.result(metric.update(metric.start, p, t));
  // The multilabel and multiclass examples of torchmetrics' page.
  expect(of(f64([2, 3], 0, 0, 1, 1, 0, 1), i32([2, 3], 0, 1, 0, 1, 0, 1))).toBe(0.5);
  expect(of(f64([2, 3], 0.11, 0.22, 0.84, 0.73, 0.33, 0.92), i32([2, 3], 0, 1, 0, 1, 0, 1))).toBe(
    0.5,
  );
  expect(of(i32([2, 2], 0, 1, 2, 1), i32([2, 2], 0, 1, 0, 2))).toBe(0.5);
  expect(of(f64([1, 2, 2], 1, 0, 0, 1), i32([1, 2], 0, 1))).toBe(1);
  expect(of(f64([1, 1], NaN), f64([1, 1], 0))).toBe(0);
  expect(() => exactMatch({ threshold: NaN })).toThrow("exactMatch: expected a finite threshold");
});

test("specificity is torchmetrics'", () => {
  const of = (options: ScoreOptions, p: NDArray, t: NDArray): number => {
    const metric = specificity(options);
    return metric.result(metric.update(metric.start, p, t));
  };
  // Its page: preds [2, 0, 2, 1], target [1, 1, 2, 0] are 0.6111 macro and 0.625 micro.
  const [p, t] = [i32([4], 2, 0, 2, 1), i32([4], 1, 1, 2, 0)];
  expect(of({ classes: 3 }, p, t)).toBeCloseTo(11 / 18, 12);
  expect(of({ classes: 3, average: "micro" }, p, t)).toBe(0.625);
  expect(of({ classes: 3, label: 2 }, p, t)).toBeCloseTo(2 / 3, 12);
  expect(of({}, f64([6], 0, 0, 1, 1, 0, 1), f64([6], 0, 1, 0, 1, 0, 1))).toBeCloseTo(2 / 3, 12);
  expect(of({}, f64([1], 1), f64([1], 1))).toBe(0);
});

test("explainedVariance is scikit-learn's, and does not see a constant error", () => {
  const of = (p: NDArray, t: NDArray): number =>
    explainedVariance.result(explainedVariance.update(explainedVariance.start, p, t));
  // The examples of scikit-learn's page.
  const [p, t] = [f64([4], 2.5, 0, 2, 8), f64([4], 3, -0.5, 2, 7)];
  expect(of(p, t)).toBeCloseTo(0.9571734475374732, 12);
  const columns = f64([3, 2], 0.5, 1, -1, 1, 7, -6);
  expect(of(f64([3, 2], 0, 2, -1, 2, 8, -5), columns)).toBeCloseTo(0.9838709677419355, 12);
  expect(of(f64([3], 6, 7, 8), f64([3], 1, 2, 3))).toBeCloseTo(1, 12);
  expect(r2Score.result(r2Score.update(r2Score.start, f64([2], 6, 7), f64([2], 1, 2)))).toBe(-99);
  expect(of(f64([2], 1, 2), f64([2], 3, 3))).toBeNaN();
});

test("symmetricMeanAbsolutePercentageError is torchmetrics', in percent", () => {
  const metric = symmetricMeanAbsolutePercentageError;
  // Its page: target [1, 10, 1e6], preds [0.9, 15, 1.2e6] are 0.2290.
  const state = metric.update(metric.start, f64([3], 0.9, 15, 1.2e6), f64([3], 1, 10, 1e6));
  expect(metric.result(state)).toBeCloseTo((100 * (0.2 / 1.9 + 10 / 25 + 0.4 / 2.2)) / 3, 10);
  expect(metric.result(metric.update(metric.start, f64([1], 0), f64([1], 0)))).toBe(0);
});

test("rocCurve reads auc's thresholds", () => {
  const metric = auc({ thresholds: 3 });
  const state = metric.update(metric.start, f64([4], 0.1, 0.4, 0.6, 0.9), f64([4], 0, 1, 0, 1));
  expect(rocCurve(state)).toEqual([
    { threshold: 1, falsePositiveRate: 0, truePositiveRate: 0, precision: 0 },
    { threshold: 0.5, falsePositiveRate: 0.5, truePositiveRate: 0.5, precision: 0.5 },
    { threshold: 0, falsePositiveRate: 1, truePositiveRate: 1, precision: 0.5 },
  ]);
});

test("trapezoids under rocCurve are auc's area", () => {
  const values = Array.from({ length: 40 }, (_, i) => (1 + Math.sin(7 * i)) / 2);
  const truths = values.map((v, i) => Number(v + Math.cos(5 * i) > 0.5));
  const metric = auc();
  const state = metric.update(metric.start, f64([40], ...values), f64([40], ...truths));
  const points = rocCurve(state);
  const area = points
    .slice(1)
    .map((b, i) => {
      const a = points[i]!;
      return (
        ((b.falsePositiveRate - a.falsePositiveRate) * (a.truePositiveRate + b.truePositiveRate)) /
        2
      );
    })
    .reduce((a, b) => a + b, 0);
  expect(area).toBeCloseTo(metric.result(state), 12);
});

test("a target by a threshold is 0 or 1", () => {
  const [predictions, targets] = [
    [0.9, 0.1],
    [2, 0],
  ].map((values) => ({
    shape: [1, 2],
    dtype: "float32" as const,
    data: Float32Array.from(values),
  }));
  const metric = exactMatch();
  expect(() => metric.update(metric.start, predictions!, targets!)).toThrow(
    "exactMatch: expected targets of 0 and 1, got 2 at 0",
  );
});
