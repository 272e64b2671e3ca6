import { expect, test } from "vitest";
import { constant, cosineDecay, linear, warmup, warmupCosine } from "./index.js";
import { values } from "./internal/values.testing.js";

test("warmup: a line to where the schedule begins, then the schedule from its own step 0", () => {
  expect(values(warmup({ steps: 4, schedule: linear({ start: 1, steps: 2 }) }), 8)).toEqual([
    0, 0.25, 0.5, 0.75, 1, 0.5, 0, 0,
  ]);
  expect(values(warmup({ steps: 2, start: 3, schedule: constant({ value: 1 }) }), 4)).toEqual([
    3, 2, 1, 1,
  ]);
  expect(warmup({ steps: 0, schedule: constant({ value: 1 }) })(0)).toBe(1);
});

test("warmupCosine: steps counts the warm-up too", () => {
  const schedule = warmupCosine({ peak: 1e-3, warmup: 100, steps: 4690 });
  expect([schedule(0), schedule(50), schedule(100), schedule(4690), schedule(1e6)]).toEqual([
    0, 5e-4, 1e-3, 0, 0,
  ]);
  expect(schedule(100 + 4590 / 2)).toBeCloseTo(5e-4, 15);
  const other = warmup({
    steps: 5,
    start: 0.1,
    schedule: cosineDecay({ start: 1, end: 0.2, steps: 15, exponent: 2 }),
  });
  expect(
    values(warmupCosine({ peak: 1, warmup: 5, steps: 20, start: 0.1, end: 0.2, exponent: 2 }), 30),
  ).toEqual(values(other, 30));
});

test("warmup and warmupCosine refuse values that do not fit", () => {
  expect(() => warmup({ steps: -1, schedule: constant({ value: 1 }) })).toThrow(
    "warmup: expected a finite steps ≥ 0, got -1",
  );
  expect(() => warmup({ steps: 1, schedule: 0.1 as unknown as () => number })).toThrow(
    "warmup: expected a schedule, got 0.1; use constant({ value })",
  );
  expect(() => warmupCosine({ peak: 1, warmup: 10, steps: 9 })).toThrow(
    "warmupCosine: expected steps ≥ warmup, got 9 steps and a warmup of 10; steps counts the " +
      "warm-up too",
  );
});
