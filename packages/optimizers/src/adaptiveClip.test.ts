import { expect, test } from "vitest";
import {
  adaptiveClip,
  averageUpdates,
  clipByRms,
  scaleByOptimism,
  scaleByParameterNorm,
} from "./index.js";
import { eager } from "./internal/testing/eager.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("adaptiveClip holds each unit's gradient to a fraction of its weights' norm", () => {
  // Columns are units: weights of norm 5 and 0, gradients of norm 10 and 2.
  const w = { shape: [2, 2], data: [3, 0, 4, 0] };
  const run = eager(adaptiveClip(0.5, { eps: 0.1 }), { w });
  const { data } = run.step({ w: { shape: [2, 2], data: [6, 2, 8, 0] } })["w"]!;
  [6 / 4, 2 / 40, 8 / 4, 0].forEach((g, i) => expect(data[i]).toBeCloseTo(g, 12));
});

test("adaptiveClip leaves a gradient within its bound as it is", () => {
  expect(updatesOf(adaptiveClip(0.5), [[0.25, 0]], [3, 4])).toEqual([[0.25, 0]]);
});

test("clipByRms divides by how far the root mean square exceeds its threshold", () => {
  const [large, small, huge] = updatesOf(clipByRms(0.5), [
    [3, 4, 0, 0],
    [0.1, -0.1, 0.1, 0.1],
    [3e30, 4e30, 0, 0],
  ]) as [number[], number[], number[]];
  // √(25 / 4) = 2.5 is five times as much.
  [0.6, 0.8, 0, 0].forEach((g, i) => expect(large[i]).toBeCloseTo(g, 12));
  expect(small).toEqual([0.1, -0.1, 0.1, 0.1]);
  [0.6, 0.8, 0, 0].forEach((g, i) => expect(huge[i]).toBeCloseTo(g, 12));
});

test("averageUpdates of a constant is the constant, without debiasing a part of it", () => {
  const constant = [[2], [2], [2]];
  updatesOf(averageUpdates(0.9), constant).forEach(([u]) => expect(u).toBeCloseTo(2, 12));
  expect(updatesOf(averageUpdates(0.5, { debias: false }), constant)).toEqual([[1], [1.5], [1.75]]);
});

test("scaleByOptimism adds the change since the last step", () => {
  expect(updatesOf(scaleByOptimism({ alpha: 2, beta: 3 }), [[1], [1], [5]])).toEqual([
    [2],
    [2],
    [22],
  ]);
});

test("scaleByParameterNorm takes the norm or the root of the mean square", () => {
  expect(updatesOf(scaleByParameterNorm(), [[1, 2]], [3, 4])).toEqual([[5, 10]]);
  const [rms] = updatesOf(scaleByParameterNorm({ rms: true }), [[1, 2]], [3, 4]);
  expect(rms![0]).toBeCloseTo(Math.sqrt(12.5), 12);
  expect(updatesOf(scaleByParameterNorm({ min: 0.5 }), [[1, 2]], [0, 0])).toEqual([[0.5, 1]]);
});
