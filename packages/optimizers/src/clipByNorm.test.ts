import { expect, test } from "vitest";
import { clipByNorm } from "./clipByNorm.js";
import { eager } from "./internal/testing/eager.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

const near = (...values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 14));

test("scales long gradients down, and leaves others as they are, bit for bit", () => {
  expect(
    updatesOf(clipByNorm(1), [
      [3, 4],
      [0.3, 0.4],
      [0.1, 0],
    ]),
  ).toEqual([near(0.6, 0.8), [0.3, 0.4], [0.1, 0]]);
});
test("the other forms", () => {
  expect(
    updatesOf(clipByNorm(2, { form: "tutorial" }), [
      [3, 4],
      [0.3, 0.4],
    ]),
  ).toEqual([near(0.6, 0.8), [0.3, 0.4]]);
  expect(
    updatesOf(clipByNorm(2, { form: "torch" }), [
      [3, 4],
      [0.3, 0.4],
    ]),
  ).toEqual([near(6 / (5 + 1e-6), 8 / (5 + 1e-6)), [0.3, 0.4]]);
  expect(updatesOf(clipByNorm(1, { order: 1 }), [[3, -1]])).toEqual([near(0.75, -0.25)]);
});
test("each parameter separately", () => {
  const { a, b } = eager(clipByNorm(1), {
    a: { shape: [1], data: [0] },
    b: { shape: [1], data: [0] },
  }).step({ a: { shape: [1], data: [10] }, b: { shape: [1], data: [0.5] } });
  expect([a!.data[0], b!.data[0]]).toEqual([1, 0.5]);
});
test("zeros stay zeros; with an infinite norm, finite elements give no step", () => {
  expect(updatesOf(clipByNorm(1, { form: "tutorial" }), [[0, 0]])).toEqual([[0, 0]]);
  expect(updatesOf(clipByNorm(1), [[1e200, 1]])).toEqual([[0, 0]]);
});
test("refuses bad thresholds, forms and orders", () => {
  expect(() => clipByNorm(0)).toThrow("clipByNorm: expected a finite norm > 0, got 0");
  expect(() => clipByNorm(1, { form: "keras" as never })).toThrow(
    'clipByNorm: expected form to be "usual" or "torch" or "tutorial", got "keras"',
  );
  expect(() => clipByNorm(1, { order: 0.5 })).toThrow(
    "clipByNorm: expected an order ≥ 1 of the norm, got 0.5; use 2, 1 or Infinity",
  );
});
