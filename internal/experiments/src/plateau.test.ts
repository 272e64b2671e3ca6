import { expect, test } from "vitest";
import type { FinishedRun } from "@tenon/trainer";
import { experiments, startValues } from "./index.js";
import { decadesAbove, largestAbove, type SweepPoint } from "./plateau.js";

const points = (...values: readonly (number | null)[]): SweepPoint[] =>
  values.map((value, i) => ({ at: 10 ** (i - 2), value }));

test("the width of what is above a threshold, in decades", () => {
  expect(decadesAbove(points(0.9, 0.9, 0.9), 0.8)).toBeCloseTo(2);
  expect(decadesAbove(points(0.1, 0.2, 0.1), 0.8)).toBe(0);
  // From 0.6 to 0.9 it is above 0.8 in the last third; from 0.9 to what is not finite, 0, in the
  // first ninth.
  expect(decadesAbove(points(0.6, 0.9, null), 0.8)).toBeCloseTo(1 / 3 + 1 / 9);
  expect(decadesAbove(points(null, 0.9, 0.6).reverse(), 0.8)).toBeCloseTo(8 / 9 - 7 / 9 + 1 / 3);
  expect(decadesAbove([], 0.8)).toBe(0);
});

test("the largest option above a threshold", () => {
  expect(largestAbove(points(0.8, 0.9, 0.7, null), 0.8)).toBeCloseTo(0.1);
  expect(largestAbove(points(0.1, null), 0.8)).toBeNaN();
});

test("batch normalization is judged by the learning rates of a seed", () => {
  const of = experiments.find(({ id }) => id === "batchNorm")!;
  const arms = of.arms(startValues(of));
  const runs = Object.keys(arms).map((arm): FinishedRun => {
    const { norm, rate } = arms[arm] as { norm: string; rate: number };
    const isFinite = norm === "batch" || rate < 1;
    return {
      ...{ arm, seed: 7, steps: 1, epochs: 1, reason: isFinite ? "done" : "nonFinite" },
      measures: { accuracy: !isFinite ? null : rate < 0.01 ? 0.5 : 0.95 },
    };
  });
  const found = of.groups!.of(runs, arms);
  expect(found.map(({ arm, seed }) => [arm, seed])).toEqual([
    ["none", 7],
    ["batch", 7],
  ]);
  // Rates from 0.01 to 10^1.5 are 3.5 decades, to 10^-0.5 1.5; between 0.5 and 0.95 a ninth of half
  // a decade is above 0.9, between 0.95 and 0 a nineteenth.
  const [none, batch] = found.map(({ measures }) => measures);
  expect(batch!["width"]).toBeCloseTo(3.5 + 0.5 / 9, 2);
  expect(none!["width"]).toBeCloseTo(1.5 + 0.5 / 9 + 0.5 / 19, 2);
  expect(batch!["highest"]).toBeCloseTo(1.5, 2);
  expect(none!["highest"]).toBeCloseTo(-0.5, 2);
});
