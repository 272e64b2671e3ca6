import { expect, test } from "vitest";
import { scaleByAdagrad } from "./scaleByAdagrad.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("a constant gradient shrinks as 1/√t", () =>
  updatesOf(
    scaleByAdagrad({ eps: 1e-30 }),
    Array.from({ length: 10 }, () => [7]),
  ).forEach(([u], t) => expect(u).toBeCloseTo(1 / Math.sqrt(t + 1), 12)));
test("ε inside or outside, and a start", () => {
  expect(updatesOf(scaleByAdagrad({ eps: 1 }), [[3]])).toEqual([[0.75]]);
  expect(updatesOf(scaleByAdagrad({ eps: 0, epsRoot: 16 }), [[3]])).toEqual([[0.6]]);
  expect(updatesOf(scaleByAdagrad({ start: 16 }), [[3]])[0]![0]).toBeCloseTo(0.6, 9);
});
test("refuses a start below zero", () =>
  expect(() => scaleByAdagrad({ start: -1 })).toThrow(
    "scaleByAdagrad: expected a finite start ≥ 0, got -1",
  ));
