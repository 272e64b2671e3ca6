import { expect, test } from "vitest";
import { elasticNet } from "./elasticNet.js";
import { gradientOf, valueOf } from "./internal/penaltyTests.js";

test("both together", () => {
  expect(valueOf(elasticNet({ l1: 1, l2: 0.5 }), { a: [[1, -2]] })).toBe(5.5);
  expect(gradientOf(elasticNet({ l1: 1, l2: 0.5 }), [1, -2])).toEqual([2, -3]);
});
test("refuses rates below zero", () => {
  expect(() => elasticNet({ l1: -1 })).toThrow("elasticNet: expected a finite l1 ≥ 0, got -1");
  expect(() => elasticNet({ l2: Infinity })).toThrow(
    "elasticNet: expected a finite l2 ≥ 0, got Infinity",
  );
});
