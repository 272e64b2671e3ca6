import { expect, test } from "vitest";
import { piecewiseInterpolate } from "./index.js";
import { values } from "./internal/values.testing.js";

test("piecewiseInterpolate: from point to point", () => {
  expect(values(piecewiseInterpolate({ boundaries: [1, 3, 5], values: [0, 4, 2] }), 8)).toEqual([
    0, 0, 2, 4, 3, 2, 2, 2,
  ]);
  const cosine = piecewiseInterpolate({
    boundaries: [0, 4],
    values: [0, 1],
    interpolation: "cosine",
  });
  expect(cosine(1)).toBeCloseTo((1 - Math.SQRT1_2) / 2, 15);
  expect(cosine(2)).toBeCloseTo(0.5, 15);
  expect(values(piecewiseInterpolate({ boundaries: [2, 2], values: [1, 5] }), 4)).toEqual([
    1, 1, 5, 5,
  ]); // a jump
});

test("piecewiseInterpolate refuses lists that do not fit", () => {
  expect(() => piecewiseInterpolate({ boundaries: [0], values: [] })).toThrow(
    "piecewiseInterpolate: expected as many values as boundaries, and one at least, got 0 " +
      "values and 1 boundaries",
  );
  expect(() => piecewiseInterpolate({ boundaries: [-1], values: [0] })).toThrow(
    "piecewiseInterpolate: expected boundaries",
  );
  expect(() =>
    piecewiseInterpolate({ boundaries: [0], values: [0], interpolation: "cubic" as "linear" }),
  ).toThrow('expected interpolation to be "linear" or "cosine", got "cubic"');
  expect(() => piecewiseInterpolate({ boundaries: [0], values: [Infinity] })).toThrow(
    "expected a finite value, got Infinity",
  );
});
