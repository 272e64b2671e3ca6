import { expect, test } from "vitest";
import { exponentialDecay, stepDecay } from "./index.js";
import { values } from "./internal/values.testing.js";

test("exponentialDecay: the tutorial's × 0.98 each epoch", () => {
  const stepsPerEpoch = 938;
  const schedule = exponentialDecay({
    start: 1,
    decayRate: 0.98,
    steps: stepsPerEpoch,
    staircase: true,
  });
  let expected = 1;
  for (let epoch = 0; epoch <= 100; epoch++) {
    for (const step of [0, 1, stepsPerEpoch - 1])
      expect(schedule(epoch * stepsPerEpoch + step)).toBeCloseTo(expected, 14);
    if (epoch === 10) expect(expected).toBeCloseTo(0.817, 3);
    if (epoch === 50) expect(expected).toBeCloseTo(0.364, 3);
    if (epoch === 100) expect(expected).toBeCloseTo(0.133, 3);
    expected *= 0.98;
  }
});

test("exponentialDecay: geometric mean between steps, with a delay and an end", () => {
  const smooth = exponentialDecay({ start: 2, decayRate: 0.25, steps: 10 });
  expect(smooth(5)).toBeCloseTo(1, 15);
  expect(smooth(10)).toBeCloseTo(0.5, 15);
  expect(values(exponentialDecay({ start: 1, decayRate: 0.5, delay: 2, end: 0.2 }), 7)).toEqual([
    1, 1, 1, 0.5, 0.25, 0.2, 0.2,
  ]);
  expect(values(exponentialDecay({ start: 1, decayRate: 2, end: 5 }), 5)).toEqual([1, 2, 4, 5, 5]);
  expect(smooth(1e9)).toBe(0);
});

test("stepDecay is the staircase", () => {
  expect(values(stepDecay({ start: 8, factor: 0.5, steps: 2 }), 7)).toEqual([8, 8, 4, 4, 2, 2, 1]);
  expect(stepDecay({ start: 1, steps: 3 })(3)).toBe(0.1);
});

test("exponentialDecay and stepDecay refuse invalid rates and steps", () => {
  expect(() => exponentialDecay({ start: 1, decayRate: 0 })).toThrow(
    "exponentialDecay: expected a finite decayRate > 0, got 0",
  );
  expect(() => exponentialDecay({ start: 1, decayRate: 0.5, end: NaN })).toThrow(
    "exponentialDecay: expected a finite end, got NaN",
  );
  expect(() => stepDecay({ start: 1, factor: -1, steps: 2 })).toThrow(
    "stepDecay: expected a finite factor > 0, got -1",
  );
  expect(() => stepDecay({ start: 1, steps: 0 })).toThrow(
    "stepDecay: expected a finite steps > 0, got 0",
  );
});
