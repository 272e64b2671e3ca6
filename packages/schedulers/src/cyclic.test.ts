import { expect, test } from "vitest";
import { cyclic } from "./index.js";
import { values } from "./internal/values.testing.js";

test("cyclic: triangles whose two sides have different lengths", () => {
  expect(values(cyclic({ low: 0, high: 4, steps: 2 }), 9)).toEqual([0, 2, 4, 2, 0, 2, 4, 2, 0]);
  expect(values(cyclic({ low: 1, high: 3, steps: 1, stepsDown: 2 }), 7)).toEqual([
    1, 3, 2, 1, 3, 2, 1,
  ]);
});

test("cyclic: heights that halve, heights that fade", () => {
  expect(values(cyclic({ low: 0, high: 4, steps: 1, mode: "triangular2" }), 6)).toEqual([
    0, 4, 0, 2, 0, 1,
  ]);
  expect(
    values(cyclic({ low: 0, high: 1, steps: 1, mode: "expRange", decayRate: 0.5 }), 4),
  ).toEqual([0, 0.5, 0, 0.125]);
});

test("cyclic refuses cycles of no steps", () => {
  expect(() => cyclic({ low: 0, high: 1, steps: 0 })).toThrow(
    "cyclic: expected steps or stepsDown > 0, got 0 for both; use constant",
  );
  expect(() => cyclic({ low: 0, high: 1, steps: 1, stepsDown: -1 })).toThrow(
    "cyclic: expected a finite stepsDown ≥ 0, got -1",
  );
  expect(() => cyclic({ low: 0, high: 1, steps: 1, mode: "exp_range" as "expRange" })).toThrow(
    "cyclic: expected mode to be",
  );
});
