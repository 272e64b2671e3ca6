import { expect, test } from "vitest";
import { clamped, linear } from "./index.js";

const schedule = linear({ start: 1, end: 0, steps: 10 });

test("keeps a schedule between its bounds, of which either may be left out", () => {
  const values = (options: { low?: number; high?: number }): number[] =>
    [0, 2, 5, 10].map(clamped({ schedule, ...options }));
  expect(values({ low: 0.3, high: 0.7 })).toEqual([0.7, 0.7, 0.5, 0.3]);
  expect(values({ low: 0.3 })).toEqual([1, 0.8, 0.5, 0.3]);
  expect(values({ high: 0.7 })).toEqual([0.7, 0.7, 0.5, 0]);
  expect(values({})).toEqual([1, 0.8, 0.5, 0]);
});

test("refuses bounds that are none", () => {
  expect(() => clamped({ schedule, low: 2, high: 1 })).toThrow(
    "clamped: expected low ≤ high, got 2 and 1",
  );
  expect(() => clamped({ schedule, low: NaN })).toThrow("clamped: expected a finite low, got NaN");
});
