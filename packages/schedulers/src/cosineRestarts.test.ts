import { expect, test } from "vitest";
import { cosineDecay, cosineRestarts } from "./index.js";

test("cosineRestarts: each round is a cosineDecay, longer and lower than the one before", () => {
  const schedule = cosineRestarts({ start: 1.1, end: 0.1, steps: 4, stretch: 2, shrink: 0.5 });
  let begin = 0;
  for (let round = 0; round < 6; round++) {
    const length = 4 * 2 ** round;
    const decay = cosineDecay({ start: 0.1 + 0.5 ** round, end: 0.1, steps: length });
    for (let t = 0; t < length; t++) expect(schedule(begin + t)).toBeCloseTo(decay(t), 14);
    begin += length;
  }
});

test("cosineRestarts: without a stretch, the time does not grow with the step", () => {
  const schedule = cosineRestarts({ start: 1, steps: 4 });
  expect([0, 2, 4, 6].map(schedule)).toEqual([1, schedule(2), 1, schedule(2)]);
  expect(schedule(4e12)).toBe(1);
  expect(cosineRestarts({ start: 1, steps: 1, shrink: 0.5 })(3)).toBe(0.125);
  expect(cosineRestarts({ start: 1, steps: 1, shrink: 0.5 })(1e12)).toBe(0);
});

test("cosineRestarts refuses values with which the rounds would end", () => {
  expect(() => cosineRestarts({ start: 1, steps: 4, stretch: 0.5 })).toThrow(
    "cosineRestarts: expected a finite stretch ≥ 1, got 0.5",
  );
  expect(() => cosineRestarts({ start: 1, steps: 4, shrink: 0 })).toThrow(
    "cosineRestarts: expected a finite shrink > 0, got 0",
  );
});
