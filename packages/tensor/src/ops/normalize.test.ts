import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { tensor } from "./leaf.js";
import { normalize } from "./normalize.js";

test.each([
  [1, 7],
  [2, 5],
  [3, (27 + 64) ** (1 / 3)],
  [Infinity, 4],
])("divides by the norm of order %d", (order, length) => {
  const y = normalize(tensor([3, -4]), { order }).data();
  expect(y[0]).toBeCloseTo(3 / length, 6);
  expect(y[1]).toBeCloseTo(-4 / length, 6);
});

test("over several axes, with a smallest norm; zeros stay", () => {
  const x = tensor([1, 1, 1, 1, 0, 0, 0, 0], [2, 2, 2]);
  expect([...normalize(x, { axes: [1, 2] }).data()]).toEqual([0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0]);
  expect([...normalize(tensor([3, 4]), { epsilon: 10 }).data()]).toEqual([
    Math.fround(0.3),
    Math.fround(0.4),
  ]);
});

test.each([1, 2, 3, Infinity])("its gradients for order %d", (order) =>
  gradcheck((x) => normalize(x, { order, axes: 1 }), [testValues([2, 3, 2])]),
);

test("refuses what is no order of a norm", () => {
  expect(() => normalize(tensor([1]), { order: 0 })).toThrow(
    "normalize: expected an order > 0, got 0",
  );
  expect(() => normalize(tensor([1]), { epsilon: -1 })).toThrow(
    "normalize: expected a finite epsilon ≥ 0, got -1",
  );
});
