import { expect, test } from "vitest";
import { linear } from "./index.js";
import { values } from "./internal/values.testing.js";

test("linear: a line, and both ends exactly", () => {
  expect(values(linear({ start: 1, end: 0, steps: 4 }), 7)).toEqual([1, 0.75, 0.5, 0.25, 0, 0, 0]);
  expect(values(linear({ start: 0.1, end: 0.3, steps: 3, delay: 2 }), 9).slice(5)).toEqual([
    0.3, 0.3, 0.3, 0.3,
  ]);
  expect(values(linear({ start: 2, end: 4, steps: 2, delay: 2 }), 6)).toEqual([2, 2, 2, 3, 4, 4]);
});

test("linear refuses invalid values", () => {
  expect(() => linear({ start: 1, steps: -1 })).toThrow(
    "linear: expected a finite steps ≥ 0, got -1",
  );
  expect(() => linear({ start: Infinity, steps: 1 })).toThrow(
    "linear: expected a finite start, got Infinity",
  );
  expect(() => linear({ start: 1, steps: 1, delay: -1 })).toThrow(
    "linear: expected a finite delay ≥ 0, got -1",
  );
});
