import { expect, test } from "vitest";
import { plainRun, projected } from "./internal/plainRun.js";
import { maxNorm } from "./maxNorm.js";

const near = (...values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 14));

test("columns that are too long are shortened, others stay to the last bit, zeros stay zeros", () => {
  expect(projected(maxNorm({ max: 2.5 }), { shape: [2, 3], data: [3, 0.1, 0, 4, 0.2, 0] })).toEqual(
    [1.5, 0.1, 0, 2, 0.2, 0],
  );
});
test("Keras' formula shrinks a little inside the ball too", () => {
  const [x] = projected(maxNorm({ eps: 1e-7 }), { shape: [1, 1], data: [1] });
  expect(x).toBeCloseTo(1 / (1 + 1e-7), 14);
});
test("a filter of a convolution is all but the last axis; axes by option", () => {
  const ones = { shape: [1, 2, 2, 1], data: [1, 1, 1, 1] };
  expect(projected(maxNorm({ max: 1 }), ones)).toEqual(near(0.5, 0.5, 0.5, 0.5));
  expect(projected(maxNorm({ max: 1, axes: [-2] }), ones)).toEqual(
    near(Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2),
  );
});
test("bounds the updated parameters, and leaves vectors alone by default", () => {
  const run = plainRun(maxNorm({ max: 1 }), {
    kernel: { shape: [1, 1], data: [0.5] },
    bias: { shape: [1], data: [5] },
  });
  run.step({ kernel: { shape: [1, 1], data: [7] }, bias: { shape: [1], data: [7] } });
  expect([run.params["kernel"]!.data[0], run.params["bias"]!.data[0]]).toEqual([1, 12]);
});
test("refuses a bound of zero", () =>
  expect(() => maxNorm({ max: 0 })).toThrow("maxNorm: expected a finite max > 0, got 0"));
