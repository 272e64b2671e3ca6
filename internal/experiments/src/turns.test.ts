import type { StepEvent } from "@tenon/trainer";
import { expect, test } from "vitest";
import { turnsOfLoss } from "./turns.js";

const turnsOf = (losses: readonly number[], ...options: number[]): number => {
  const measure = turnsOfLoss(...options);
  const state = losses.reduce(
    (state, loss, i) => measure.update!(state, { type: "step", step: i + 1, loss } as StepEvent),
    measure.start!,
  );
  return measure.result({} as never, state);
};

test("a loss turns where it goes back by as much", () => {
  expect(turnsOf([4, 3, 2, 1], 1, 1)).toBe(0);
  expect(turnsOf([4, 2, 2.9, 2, 1], 1, 1)).toBe(0);
  expect(turnsOf([4, 2, 3, 5, 4.5, 4, 1], 1, 1)).toBe(2);
  expect(turnsOf([1, 2, 4, 2, 1, 2], 1, 1)).toBe(3);
});

test("means of several steps are looked at, from the first one that is complete", () => {
  expect(turnsOf([1, 5, 1, 5, 1, 5, 1, 5], 1, 2)).toBe(0);
  expect(turnsOf([1, 5, 1, 5, 9, 9], 1, 2)).toBe(1);
  expect(turnsOf([1, 9], 1, 3)).toBe(0);
});

test("an oscillation turns twice in each period", () => {
  const losses = Array.from({ length: 1000 }, (_, i) => 2 + Math.sin((2 * Math.PI * i) / 100));
  expect(turnsOf(losses)).toBeGreaterThanOrEqual(20);
  expect(turnsOf(losses)).toBeLessThanOrEqual(21);
});
