import type { Metric, NDArray } from "@tenon/contracts";
import { expect, test } from "vitest";
import {
  cosineSimilarity,
  mean,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  r2Score,
  rootMeanSquaredError,
} from "./index.js";

const f64 = (shape: number[], ...data: number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: Float64Array.from(data),
});
const run = <S extends Parameters<Metric["result"]>[0]>(
  metric: Metric<S>,
  p: NDArray,
  t: NDArray,
): number => metric.result(metric.update(metric.start, p, t));

const [p, t] = [f64([2, 2], 1, 2, 3, 4), f64([2, 2], 2, 2, 5, 1)];

test("errors are those of pencil and paper", () => {
  expect(run(meanSquaredError, p, t)).toBe((1 + 0 + 4 + 9) / 4);
  expect(run(rootMeanSquaredError, p, t)).toBe(Math.sqrt(3.5));
  expect(run(meanAbsoluteError, p, t)).toBe((1 + 0 + 2 + 3) / 4);
  expect(run(meanAbsolutePercentageError, p, t)).toBeCloseTo((100 * (0.5 + 0 + 0.4 + 3)) / 4, 12);
  expect(run(mean, p, t)).toBe(2.5);
  expect(mean.result(mean.update(mean.start, f64([], 7)))).toBe(7);
  // Columns: targets 2, 5 (spread 4.5, errors 1 + 4) and 2, 1 (spread 0.5, errors 0 + 9).
  expect(run(r2Score, p, t)).toBeCloseTo((1 - 5 / 4.5 + 1 - 9 / 0.5) / 2, 12);
  expect(
    run(cosineSimilarity, f64([3, 2], 1, 0, 1, 1, 0, 0), f64([3, 2], 0, 2, 3, 3, 1, 1)),
  ).toBeCloseTo(1 / 3, 12);
});

test("the mean of nothing is NaN", () => {
  for (const metric of [
    mean,
    meanSquaredError,
    meanAbsoluteError,
    rootMeanSquaredError,
    meanAbsolutePercentageError,
    cosineSimilarity,
  ])
    expect(metric.result(metric.start)).toBeNaN();
  expect(r2Score.result(r2Score.start)).toBeNaN();
  expect(run(r2Score, f64([3], 1, 2, 3), f64([3], 5, 5, 5))).toBeNaN();
});

test("a long mean does not drift", () => {
  let state = mean.start;
  for (let i = 0; i < 1000; i++)
    state = mean.update(state, f64([10], ...new Array<number>(10).fill(0.1)));
  expect(mean.result(state)).toBe(0.1);
});

test("r2Score does not lose small variance next to a large mean", () => {
  const far = (x: number): number => 1e9 + x;
  expect(run(r2Score, f64([3], far(0), far(1), far(3)), f64([3], far(0), far(1), far(2)))).toBe(
    0.5,
  );
});

test("shapes must be the same", () => {
  for (const metric of [meanSquaredError, meanAbsoluteError, cosineSimilarity]) {
    expect(() =>
      metric.update(metric.start, f64([2, 2], 1, 2, 3, 4), f64([4], 1, 2, 3, 4)),
    ).toThrow(`${metric.name}: expected targets of the predictions' shape [2, 2], got [4]`);
  }
  expect(run(meanSquaredError, f64([2, 1], 1, 2), f64([2], 1, 2))).toBe(0);
  expect(() =>
    r2Score.update(r2Score.update(r2Score.start, p, t), f64([2], 1, 2), f64([2], 1, 2)),
  ).toThrow("r2Score: expected 2 columns as in the batches before, got 1");
});
