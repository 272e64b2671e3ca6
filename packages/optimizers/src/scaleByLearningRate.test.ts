import { expect, test } from "vitest";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("descends at the step's rate", () =>
  expect(
    updatesOf(
      scaleByLearningRate((step) => 1 / (step + 1)),
      [[2], [2], [3]],
    ),
  ).toEqual([[-2], [-1], [-1]]));
test("refuses a rate below zero or infinite", () => {
  expect(() => scaleByLearningRate(-0.1)).toThrow(
    "scaleByLearningRate: expected a finite learningRate ≥ 0, got -0.1",
  );
  expect(() => scaleByLearningRate(Infinity)).toThrow("got Infinity");
});
