import { expect, test } from "vitest";
import { projected } from "./internal/plainRun.js";
import { nonNegative } from "./nonNegative.js";

test("nothing is below zero", () =>
  expect(projected(nonNegative(), { shape: [1, 3], data: [-2, 0, 2] })).toEqual([0, 0, 2]));
test("where it is meant", () =>
  expect(projected(nonNegative({ only: () => false }), { shape: [1, 1], data: [-2] })).toEqual([
    -2,
  ]));
