import { expect, test } from "vitest";
import { cosineDecay } from "./index.js";

test("cosineDecay: half a cosine between its ends, then the end", () => {
  const schedule = cosineDecay({ start: 3, end: 1, steps: 6 });
  const expected = [3, 2 + Math.sqrt(3) / 2, 2.5, 2, 1.5, 2 - Math.sqrt(3) / 2, 1, 1, 1];
  expected.forEach((value, step) => expect(schedule(step)).toBeCloseTo(value, 14));
  expect([schedule(0), schedule(6), schedule(1e9)]).toEqual([3, 1, 1]);
});

test("cosineDecay: an exponent, and a periodic form", () => {
  expect(cosineDecay({ start: 1, steps: 2, exponent: 3 })(1)).toBeCloseTo(1 / 8, 15);
  const swing = cosineDecay({ start: 1, steps: 10, periodic: true });
  for (const step of [0, 3, 10, 13, 17]) expect(swing(2e7 + step)).toBeCloseTo(swing(step), 9);
  expect(swing(17)).toBeCloseTo(swing(3), 14);
  expect(swing(20)).toBe(1);
});

test("cosineDecay refuses invalid values", () => {
  expect(() => cosineDecay({ start: 1, steps: -1 })).toThrow(
    "cosineDecay: expected a finite steps ≥ 0, got -1",
  );
  expect(() => cosineDecay({ start: 1, steps: 1, exponent: 0 })).toThrow(
    "cosineDecay: expected a finite exponent > 0, got 0",
  );
});
