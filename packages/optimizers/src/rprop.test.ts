import { expect, test } from "vitest";
import { rprop } from "./index.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("steps grow while a sign stays, shrink where it changes, and keep their bounds", () => {
  const options = { learningRate: 1, shrink: 0.5, grow: 2, min: 0.75, max: 4 };
  // A gradient of 1e-30 has a sign; after a change the next step is as long as the last one.
  const gradients = [[3], [1e-30], [7], [1], [-5], [-2], [0], [1]];
  const updates = updatesOf(rprop(options), gradients).map(([update]) => update! + 0);
  expect(updates).toEqual([-1, -2, -4, -4, 0, 2, 0, -2]);
  // Down to the least step: 1, then half of it is held at 0.75.
  expect(updatesOf(rprop(options), [[1], [-1], [-1]]).map(([update]) => update! + 0)).toEqual([
    -1, 0, 0.75,
  ]);
});

test("refuses bounds that do not go together", () => {
  expect(() => rprop({ grow: 1 })).toThrow("rprop: expected grow > 1, got 1; use 1.2");
  expect(() => rprop({ min: 2, max: 1 })).toThrow("rprop: expected max ≥ min, 2, got 1");
  expect(() => rprop({ shrink: 1 })).toThrow("rprop: expected shrink in [0, 1), got 1; use 0.5");
});
