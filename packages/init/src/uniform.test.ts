import { expect, test } from "vitest";
import { uniform } from "./index.js";
import { problems, sample } from "./internal/sample.testing.js";

test("uniform: the ends of the source are the bounds", () => {
  const init = uniform({ low: -0.5, high: 1.5 });
  expect(init([1], () => 0)[0]).toBe(-0.5);
  expect(init([1], () => 0.25)[0]).toBe(0);
  expect(init([1], () => 1 - 2 ** -53)[0]).toBeCloseTo(1.5, 7);
  expect(uniform()([1], () => 0)[0]).toBe(Math.fround(-0.05));
});

test("uniform: mean and standard deviation", () => {
  expect(
    problems(sample(uniform({ low: 1, high: 3 }), [40, 50]), {
      mean: 2,
      std: 2 / Math.sqrt(12),
      low: 1,
      high: 3,
    }),
  ).toEqual([]);
});

test("uniform keeps a bound of zero, and refuses invalid bounds", () => {
  expect(uniform({ low: 0 })([1], () => 0)[0]).toBe(0);
  expect(() => uniform({ low: 1, high: 0 })).toThrow(
    "uniform: expected low ≤ high, got low 1 and high 0",
  );
  expect(() => uniform({ high: Infinity })).toThrow(
    "uniform: expected a finite high, got Infinity",
  );
});
