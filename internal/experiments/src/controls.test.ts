import { expect, test } from "vitest";
import { nearestValue } from "./index.js";

const control = { id: "x", kind: "number", start: 2 } as const;

test("a linear control has equally distant values, a logarithmic one all in its range", () => {
  const depth = { ...control, from: 2, to: 16, scale: "linear", values: 15 } as const;
  expect([1, 2, 3.4, 3.6, 16, 99].map((value) => nearestValue(depth, value))).toEqual([
    ...[2, 2, 3, 4, 16, 16],
  ]);
  const rate = { ...control, from: 0, to: 0.9, scale: "linear", values: 10 } as const;
  expect(nearestValue(rate, 0.31)).toBe(0.3);
  const decades = { ...control, from: 0.01, to: 1, scale: "log", values: 21 } as const;
  expect([0.001, 0.0333, 5].map((value) => nearestValue(decades, value))).toEqual([
    0.01, 0.0333, 1,
  ]);
  const units = { ...control, from: 16, to: 256, scale: "log", values: 5, isWhole: true } as const;
  expect([1, 100.5, 100.4].map((value) => nearestValue(units, value))).toEqual([16, 101, 100]);
});
