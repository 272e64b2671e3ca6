import type { NDArray } from "@tenon/contracts";
import { expect, test } from "vitest";
import { concordanceCorrelation, pearsonCorrelation } from "./index.js";

const array = (shape: readonly number[], data: readonly number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: Float64Array.from(data),
});
const predictions = array([4, 2], [0.1, 2, 0.5, 1, 0.9, -1, 0.4, 0.5]);
const targets = array([4, 2], [0, 1.5, 0.7, 1, 1, -2, 0.2, 0.1]);
const of = (metric: typeof pearsonCorrelation, p: NDArray, t: NDArray): number =>
  metric.result(metric.update(metric.start, p, t));

test("are NumPy's correlation coefficients, the mean of two columns", () => {
  expect(of(pearsonCorrelation, predictions, targets)).toBeCloseTo(
    (0.9430258590033809 + 0.978893957394435) / 2,
    12,
  );
  expect(of(concordanceCorrelation, predictions, targets)).toBeCloseTo(
    (0.8952879581151832 + 0.8894984326018809) / 2,
    12,
  );
});

test("a line of another slope and place is a Pearson correlation of ±1, and less concordant", () => {
  const t = array([5], [1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3, 1e6 + 4]);
  const line = (slope: number, place: number): NDArray =>
    array(
      [5],
      Array.from(t.data, (v) => (v - 1e6) * slope + 1e6 + place),
    );
  expect(of(pearsonCorrelation, line(3, 0), t)).toBeCloseTo(1, 12);
  expect(of(pearsonCorrelation, line(-0.5, 7), t)).toBeCloseTo(-1, 12);
  expect(of(concordanceCorrelation, line(1, 0), t)).toBeCloseTo(1, 12);
  // 2 · 2 / (2 + 2 + 1)
  expect(of(concordanceCorrelation, line(1, 1), t)).toBeCloseTo(0.8, 12);
});

test("the correlation of constants is NaN, and so it is before the first example", () => {
  expect(of(pearsonCorrelation, array([2], [1, 1]), array([2], [1, 2]))).toBeNaN();
  expect(pearsonCorrelation.result(pearsonCorrelation.start)).toBeNaN();
});

test("an example of weight 0 counts for nothing, also where it is the first", () => {
  const p = [1, 2, 4, 3];
  const t = [2, 3, 4, 4];
  const weights = array([5], [0, 1, 1, 1, 1]);
  for (const metric of [pearsonCorrelation, concordanceCorrelation])
    for (const none of [NaN, 1e9]) {
      const ignored = metric.update(
        metric.start,
        array([1], [none]),
        array([1], [1]),
        array([1], [0]),
      );
      const state = metric.update(
        ignored,
        array([5], [none, ...p]),
        array([5], [none, ...t]),
        weights,
      );
      expect(metric.result(state)).toBe(of(metric, array([4], p), array([4], t)));
    }
});

test("refuses batches of other columns", () => {
  const state = pearsonCorrelation.update(pearsonCorrelation.start, predictions, targets);
  expect(() => pearsonCorrelation.update(state, array([2], [1, 2]), array([2], [1, 2]))).toThrow(
    "pearsonCorrelation: expected 2 columns as in the batches before, got 1",
  );
});
