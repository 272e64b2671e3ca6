import { expect, test } from "vitest";
import { lion } from "./lion.js";
import { path } from "./internal/testing/updatesOf.js";

const gradients = [
  [0.1, -0.2],
  [0.3, 0.05],
  [-0.2, 0.4],
];
test("every step has the length of the rate", () => {
  let step = 0;
  expect(path(lion({ learningRate: 0.1 }), () => gradients[step++]!, [1, -0.5], 3)[2]).toEqual([
    expect.closeTo(0.9, 12),
    expect.closeTo(-0.6, 12),
  ]);
});
test("with weight decay", () =>
  expect(path(lion({ learningRate: 0.5, weightDecay: 0.5 }), () => [0], [4], 2)).toEqual([
    [3],
    [2.25],
  ]));
test("refuses a decay below zero", () =>
  expect(() => lion({ weightDecay: -1 })).toThrow(
    "lion: expected a finite weightDecay ≥ 0, got -1",
  ));
