import { expect, test } from "vitest";
import { momentum } from "./momentum.js";
import { path } from "./internal/testing/updatesOf.js";

// Inventory rows: w₀ = 1, g = .1, .3, −.2, μ = .9, rates .1, .1, .01.
const gradients = [0.1, 0.3, -0.2];
const rates = [0.1, 0.1, 0.01];
function last(options: Parameters<typeof momentum>[0]): number {
  let step = 0;
  return path(
    momentum({ learningRate: (t) => rates[t]!, momentum: 0.9, ...options }),
    () => [gradients[step++]!],
    [1],
    3,
  )[2]![0]!;
}

test("the usual form keeps the rate outside the velocity", () =>
  expect(last({})).toBeCloseTo(0.94949, 12));
test("the tutorial's form and Keras' keep it inside", () =>
  expect(last({ rateInside: true })).toBeCloseTo(0.9179, 12));
test("with a constant rate they are equal", () => {
  expect(last({ learningRate: 0.1, rateInside: true })).toBeCloseTo(0.9359, 12);
  expect(last({ learningRate: 0.1 })).toBeCloseTo(0.9359, 12);
});

test("refuses a momentum of 1", () =>
  expect(() => momentum({ momentum: 1 })).toThrow("momentum: expected momentum in [0, 1), got 1"));
