import { expect, test } from "vitest";
import { piecewiseConstant } from "./index.js";
import { values } from "./internal/values.testing.js";

test("piecewiseConstant: a boundary is the first step of its value", () => {
  expect(values(piecewiseConstant({ boundaries: [2, 3], values: [1, 0.5, 0.1] }), 5)).toEqual([
    1, 1, 0.5, 0.1, 0.1,
  ]);
  expect(values(piecewiseConstant({ boundaries: [1, 1], values: [1, 2, 3] }), 3)).toEqual([
    1, 3, 3,
  ]);
  expect(piecewiseConstant({ boundaries: [], values: [7] })(100)).toBe(7);
});

test("piecewiseConstant keeps its own copy of the lists", () => {
  const boundaries = [2];
  const levels = [1, 2];
  const schedule = piecewiseConstant({ boundaries, values: levels });
  boundaries[0] = 0;
  levels[0] = 9;
  expect(schedule(0)).toBe(1);
});

test("piecewiseConstant refuses lists that do not fit", () => {
  expect(() => piecewiseConstant({ boundaries: [2], values: [1] })).toThrow(
    "piecewiseConstant: expected one value more than boundaries, got 1 values and 1 boundaries",
  );
  expect(() => piecewiseConstant({ boundaries: [3, 2], values: [1, 2, 3] })).toThrow(
    "expected boundaries that are finite, ≥ 0 and in rising order, got [3, 2]",
  );
  expect(() => piecewiseConstant({ boundaries: [], values: [NaN] })).toThrow(
    "piecewiseConstant: expected a finite value, got NaN",
  );
});
