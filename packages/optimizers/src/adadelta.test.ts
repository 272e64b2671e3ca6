import { expect, test } from "vitest";
import { adadelta } from "./adadelta.js";
import { path } from "./internal/testing/updatesOf.js";

// Inventory row: w₀ = [1, −.5], three gradients.
const gradients = [
  [0.1, -0.2],
  [0.3, 0.05],
  [-0.2, 0.4],
];
test("PyTorch's", () => {
  let step = 0;
  expect(path(adadelta(), () => gradients[step++]!, [1, -0.5], 3)[2]).toEqual([
    expect.closeTo(0.9959696871, 9),
    expect.closeTo(-0.5020618861, 9),
  ]);
});
test("refuses a rate below zero", () =>
  expect(() => adadelta({ learningRate: -1 })).toThrow(
    "adadelta: expected a finite learningRate ≥ 0, got -1",
  ));
