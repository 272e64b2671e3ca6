import { expect, test } from "vitest";
import { inverseTimeDecay } from "./index.js";
import { values } from "./internal/values.testing.js";

test("inverseTimeDecay: one over time", () => {
  expect(values(inverseTimeDecay({ start: 1, decayRate: 1 }), 4)).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
  expect(
    values(inverseTimeDecay({ start: 6, decayRate: 2, steps: 2, staircase: true }), 5),
  ).toEqual([6, 6, 2, 2, 6 / 5]);
});

test("inverseTimeDecay refuses a rate that would divide by zero", () => {
  expect(() => inverseTimeDecay({ start: 1, decayRate: -1 })).toThrow(
    "inverseTimeDecay: expected a finite decayRate ≥ 0, got -1",
  );
});
