import { plain, plainClock } from "@tenon/testkit";
import { expect, test } from "vitest";
import { chain, scaleByLearningRate, trace } from "./index.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("a constant gradient adds up to a geometric series", () => {
  const velocities = updatesOf(
    trace({ decay: 0.5 }),
    Array.from({ length: 20 }, () => [1]),
  );
  velocities.forEach(([v], t) => expect(v).toBeCloseTo(2 * (1 - 0.5 ** (t + 1)), 12));
});

test("nesterov uses the next velocity, dampening leaves the first gradient", () => {
  expect(updatesOf(trace({ decay: 0.5, nesterov: true }), [[1], [1]])).toEqual([[1.5], [1.75]]);
  expect(updatesOf(trace({ decay: 0.5, dampening: 0.75 }), [[1], [1]])).toEqual([[1], [0.75]]);
});

test("before and after the rate differ once the rate changes", () => {
  const rate = (step: number): number => (step < 2 ? 1 : 0.5);
  const gradients = [[1], [1], [1]];
  expect(updatesOf(chain(trace({ decay: 0.5 }), scaleByLearningRate(rate)), gradients)).toEqual([
    [-1],
    [-1.5],
    [-0.875],
  ]);
  expect(updatesOf(chain(scaleByLearningRate(rate), trace({ decay: 0.5 })), gradients)).toEqual([
    [-1],
    [-1.5],
    [-1.25],
  ]);
});

test("refuses a decay outside [0, 1)", () => {
  expect(() => trace({ decay: 1 })).toThrow("trace: expected decay in [0, 1), got 1; use 0.9");
  expect(() => trace({ dampening: NaN })).toThrow("trace: expected a finite dampening, got NaN");
});

test("the error for missing slots, or a missing parameter, names them", () => {
  const w = plain([1]);
  expect(() => trace().update({ updates: { w }, params: { w }, slots: {} }, plainClock(0))).toThrow(
    'trace: expected the slot "trace/v" of "w", got none; initSlots makes slots',
  );
  expect(() =>
    trace().update({ updates: { w }, params: {}, slots: { "trace/v": { w } } }, plainClock(0)),
  ).toThrow('trace: expected the parameter of "w", got none');
});
