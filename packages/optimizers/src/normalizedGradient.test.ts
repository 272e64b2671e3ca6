import { expect, test } from "vitest";
import { chain, normalizedGradient, scaleByLearningRate } from "./index.js";
import { eager } from "./internal/testing/eager.js";
import { path, updatesOf } from "./internal/testing/updatesOf.js";

test("every step has the length of the rate", () => {
  const points = [
    [5, -3],
    ...path(
      chain(normalizedGradient(), scaleByLearningRate(0.5)),
      ([x, y]) => [x!, 10 * y!],
      [5, -3],
      6,
    ),
  ];
  for (let i = 1; i < points.length; i++)
    expect(
      Math.hypot(points[i]![0]! - points[i - 1]![0]!, points[i]![1]! - points[i - 1]![1]!),
    ).toBeCloseTo(0.5, 12);
});
test("of all parameters, or of each", () => {
  const start = { a: { shape: [1], data: [0] }, b: { shape: [1], data: [0] } };
  const gradient = { a: { shape: [1], data: [3] }, b: { shape: [1], data: [-4] } };
  const both = (norm: "global" | "tensor"): number[] =>
    Object.values(eager(normalizedGradient({ norm }), start).step(gradient)).map(
      ({ data }) => data[0]!,
    );
  expect(both("global")).toEqual([0.6, -0.8]);
  expect(both("tensor")).toEqual([1, -1]);
});
test("zeros give no step", () =>
  expect(updatesOf(normalizedGradient(), [[0, 0]])).toEqual([[0, 0]]));
test("refuses an unknown norm", () =>
  expect(() => normalizedGradient({ norm: "local" as never })).toThrow(
    'normalizedGradient: expected norm to be "global" or "tensor", got "local"',
  ));
