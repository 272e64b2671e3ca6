import { expect, test } from "vitest";
import { truncatedNormal } from "./index.js";
import { cutStd } from "./internal/cutNormal.js";
import { problems, sample } from "./internal/sample.testing.js";

/** By the closed form, evaluated with CPython's statistics.NormalDist. */
const deviations: readonly (readonly [low: number, high: number, std: number])[] = [
  [-2, 2, 0.8796256610342398],
  [-1, 3, 0.7849469634044259],
  [-3, 1, 0.7849469634044259],
  [0.5, 1, 0.1432410390089919],
  [0.5, 4, 0.517229481487279],
  [2, 3, 0.24803382748021618],
  [-0.3, 0.4, 0.20041937090810183],
  [3, 1e300, 0.26562979272917725],
  [-1e300, 1e300, 1],
  [-1e300, -3, 0.26562979272917725],
];

test.each(deviations)(
  "cut at %d and %d, a standard normal has the standard deviation %d",
  (low, high, std) => {
    expect(Math.abs(cutStd(low, high) / std - 1)).toBeLessThan(1e-10);
  },
);

test("truncatedNormal: by default the values have the specified std", () => {
  const bound = (2 * 0.05) / 0.87962566103423978;
  const found = sample(truncatedNormal(), [200, 100]);
  expect(problems(found, { mean: 0, std: 0.05, low: -bound, high: bound })).toEqual([]);
  expect(found.high).toBeGreaterThan(0.99 * bound);
  expect(
    problems(sample(truncatedNormal({ std: 3, low: -1, high: 1 }), [200, 100]), {
      mean: 0,
      std: 3,
    }),
  ).toEqual([]);
});

test("truncatedNormal: plain, the standard deviation is that of the normal before the cut", () => {
  const found = sample(truncatedNormal({ mean: 1, std: 0.5, cut: "plain" }), [200, 100]);
  expect(problems(found, { mean: 1, std: 0.5 * 0.8796256610342398, low: 0, high: 2 })).toEqual([]);
});

test("truncatedNormal: absolute, the bounds are values", () => {
  const found = sample(
    truncatedNormal({ std: 1, low: -1, high: 1.5, cut: "absolute" }),
    [200, 100],
  );
  expect(
    problems(found, {
      mean: 0.14518744715252618,
      std: 0.6447363850112612,
      low: -1,
      high: 1.5,
    }),
  ).toEqual([]);
});

test("truncatedNormal keeps a standard deviation of zero, and refuses invalid options", () => {
  expect([...truncatedNormal({ mean: 2, std: 0 })([2], () => 0.3)]).toEqual([2, 2]);
  expect(() => truncatedNormal({ low: 2, high: 2 })).toThrow(
    "truncatedNormal: expected low < high, got low 2 and high 2",
  );
  expect(() => truncatedNormal({ low: -Infinity })).toThrow(
    "truncatedNormal: expected a finite low, got -Infinity",
  );
  expect(() => truncatedNormal({ cut: "sharp" as "plain" })).toThrow(
    'truncatedNormal: expected cut to be "corrected" or "plain" or "absolute", got "sharp"',
  );
  expect(() => truncatedNormal({ cut: "absolute", std: 0 })).toThrow("use constant");
});
