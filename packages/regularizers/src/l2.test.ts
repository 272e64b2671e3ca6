import { expect, test } from "vitest";
import { gradientOf, valueOf } from "./internal/penaltyTests.js";
import { l2 } from "./l2.js";

test("λ·Σw² over kernels, without a ½, and the gradient 2λw", () => {
  expect(valueOf(l2(0.5), { a: [[1, -2]], b: [[3, 0]], bias: [100] })).toBe(7);
  expect(gradientOf(l2(0.5), [2, -3, 0])).toEqual([2, -3, 0]);
});
test("of the parameters that are meant", () =>
  expect(valueOf(l2(1, { only: () => true }), { a: [[1]], bias: [2] })).toBe(5));
test("refuses a rate that is NaN", () =>
  expect(() => l2(NaN)).toThrow("l2: expected a finite rate ≥ 0, got NaN"));
