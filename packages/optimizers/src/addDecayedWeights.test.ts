import { expect, test } from "vitest";
import { addDecayedWeights } from "./addDecayedWeights.js";
import { eager } from "./internal/testing/eager.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("adds λw", () =>
  expect(updatesOf(addDecayedWeights(0.5), [[1, 1]], [4, -2])).toEqual([[3, 0]]));
test("λ may depend on the step", () =>
  expect(
    updatesOf(
      addDecayedWeights((step) => step),
      [[0], [0], [0]],
      [2],
    ),
  ).toEqual([[0], [2], [4]]));
test("only to selected parameters, by path and shape", () => {
  const calls: unknown[] = [];
  const start = { kernel: { shape: [1, 1], data: [2] }, bias: { shape: [1], data: [2] } };
  const only = (path: string, shape: readonly number[]): boolean => {
    calls.push([path, [...shape]]);
    return shape.length > 1;
  };
  const { kernel, bias } = eager(addDecayedWeights(0.5, { only }), start).step({
    kernel: { shape: [1, 1], data: [0] },
    bias: { shape: [1], data: [0] },
  });
  expect([kernel!.data[0], bias!.data[0]]).toEqual([1, 0]);
  expect(calls).toEqual([
    ["kernel", [1, 1]],
    ["bias", [1]],
  ]);
});
test("refuses a decay below zero", () =>
  expect(() => addDecayedWeights(-1)).toThrow(
    "addDecayedWeights: expected a finite decay ≥ 0, got -1",
  ));
