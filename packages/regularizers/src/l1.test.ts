import { expect, test } from "vitest";
import { gradientOf, valueOf } from "./internal/penaltyTests.js";
import { l1 } from "./l1.js";

test("λ·Σ|w| over kernels, and the gradient λ·sign(w)", () => {
  expect(
    valueOf(l1(0.5), {
      kernel: [
        [1, -2],
        [0, 3],
      ],
      bias: [100],
    }),
  ).toBe(3);
  expect(gradientOf(l1(0.5), [2, -3, 0])).toEqual([0.5, -0.5, 0]);
});
test("of the parameters that are meant", () => {
  expect(
    valueOf(l1(1, { only: (path) => path === "bias" }), { kernel: [[1]], bias: [100, -1] }),
  ).toBe(101);
  expect(() => valueOf(l1(), { bias: [1] })).toThrow(
    'l1: expected at least one parameter to penalize, got none among "bias"; say which with the option "only"',
  );
});
test("refuses a rate below zero", () =>
  expect(() => l1(-1)).toThrow("l1: expected a finite rate ≥ 0, got -1"));
