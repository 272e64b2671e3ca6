import { expect, test } from "vitest";
import { flatten, reshape } from "./index.js";
import { run } from "./internal/testing.js";

const x = { shape: [2, 2, 3], data: Array.from({ length: 12 }, (_, i) => i) };

test("keeps the values in row-major order, and the batch axis", () => {
  for (const [layer, shape] of [
    [flatten(), [6]],
    [reshape([3, 2]), [3, 2]],
    [reshape([-1, 1, 2]), [3, 1, 2]],
  ] as const) {
    const { y, dx } = run(layer, { x });
    expect(y.shape).toEqual([2, ...shape]);
    expect(layer.plan([2, 3]).output).toEqual(shape);
    expect(Array.from(y.data)).toEqual(x.data);
    expect(Array.from(dx.data)).toEqual(new Array(12).fill(1));
  }
});

test("a batch of none stays one of none", () => {
  expect(run(flatten(), { x: { shape: [0, 2, 3], data: [] } }).y.shape).toEqual([0, 6]);
});

test("names what it expected", () => {
  expect(() => reshape([4]).plan([2, 3])).toThrow(
    "reshape: expected 4 values for [4], got [2, 3] with 6",
  );
  expect(() => reshape([-1, 4]).plan([2, 3])).toThrow(
    "reshape: expected a multiple of 4 values for [-1, 4], got [2, 3] with 6",
  );
  expect(() => reshape([-1, -1])).toThrow(
    "reshape: expected sizes that are integers ≥ 1, one of them perhaps −1, got [-1, -1]",
  );
});
