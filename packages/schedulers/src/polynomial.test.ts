import { expect, test } from "vitest";
import { linear, polynomial } from "./index.js";
import { values } from "./internal/values.testing.js";

test("polynomial: a power of the fraction of steps that remain", () => {
  expect(values(polynomial({ start: 1, steps: 4, power: 2 }), 6)).toEqual([
    1,
    9 / 16,
    1 / 4,
    1 / 16,
    0,
    0,
  ]);
  expect(values(polynomial({ start: 4, steps: 4, power: 0.5, delay: 1 }), 6)[4]).toBeCloseTo(2, 14);
  const line = values(linear({ start: 0.3, end: 0.1, steps: 7 }), 10);
  values(polynomial({ start: 0.3, end: 0.1, steps: 7 }), 10).forEach((value, step) =>
    expect(value).toBeCloseTo(line[step], 15),
  );
});

test("polynomial: with cycle, each round is one length longer", () => {
  const schedule = polynomial({ start: 1, steps: 10, cycle: true });
  expect([0, 5, 10, 20, 30].map(schedule)).toEqual([1, 0.5, 0, 0, 0]);
  expect(schedule(11)).toBeCloseTo(1 - 11 / 20, 15);
  expect(schedule(21)).toBeCloseTo(1 - 21 / 30, 15);
});

test("polynomial refuses invalid powers", () => {
  expect(() => polynomial({ start: 1, steps: 4, power: 0 })).toThrow(
    "polynomial: expected a finite power > 0, got 0",
  );
  expect(() => polynomial({ start: 1, steps: NaN })).toThrow(
    "polynomial: expected a finite steps ≥ 0, got NaN",
  );
});
