import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { gradcheck, wavy } from "./internal/gradcheck.js";
import { ofOneInput, run } from "./internal/testing.js";

const { add, average, concatenate, dense, maximum, minimum, multiply, relu, sequential, subtract } =
  layers;

test("branches over one input are joined element by element", () => {
  const x = { shape: [1, 2], data: [3, -5] };
  const y = (layer: ReturnType<typeof add>): number[] => Array.from(run(layer, { x }).y.data);
  expect(y(add(sequential(), relu(), relu()))).toEqual([9, -5]);
  expect(y(subtract(relu(), sequential()))).toEqual([0, 5]);
  expect(y(multiply(sequential(), sequential()))).toEqual([9, 25]);
  expect(y(average(sequential(), relu()))).toEqual([3, -2.5]);
  expect(y(maximum(sequential(), relu()))).toEqual([3, 0]);
  expect(y(minimum(sequential(), relu()))).toEqual([3, -5]);
  expect(y(concatenate(-1, relu(), sequential()))).toEqual([3, 0, 3, -5]);
  expect(y(add())).toEqual([3, -5]);
});

test("of several inputs, each goes to its own branch, or all are joined as they are", () => {
  const x = { shape: [1, 4], data: [1, -2, 3, -4] };
  const inputs = [[2], [2]];
  const y = (layer: ReturnType<typeof add>): number[] =>
    Array.from(run(ofOneInput(layer, inputs), { x }).y.data);
  expect(y(add())).toEqual([4, -6]);
  expect(y(add(relu(), sequential()))).toEqual([4, -4]);
  expect(y(concatenate(-1))).toEqual([1, -2, 3, -4]);
});

test("a gate for each channel broadcasts over the places", () => {
  const gated = multiply(sequential(), [
    layers.globalAvgPool2d({ keepDims: true }),
    layers.sigmoid(),
  ]);
  expect(gated.plan([2, 2, 3]).output).toEqual([2, 2, 3]);
  const x = wavy([1, 2, 1, 1]);
  const [a, b] = x.data as unknown as [number, number];
  const gate = 1 / (1 + Math.exp(-(a + b) / 2));
  expectClose(run(gated, { x }).y.data, [a * gate, b * gate]);
});

test("gradients flow into every branch", () => {
  for (const merge of [add, average, multiply, maximum, minimum])
    gradcheck(merge(dense(2), [dense(2), layers.tanh()], dense(2)), [3]);
  gradcheck(subtract(dense(2), dense(2)), [3]);
  gradcheck(concatenate(-2, sequential(), dense(2)), [3, 2]);
  gradcheck(ofOneInput(multiply(dense(2), sequential()), [[3], [2]]), [5]);
});

test("names what it expected", () => {
  expect(() => add(dense(2), dense(3)).plan([4])).toThrow(
    "add: expected outputs of one shape, or with sizes of 1 where they differ, got [2] from " +
      "branch1 and [3] from branch2",
  );
  expect(() => add().planAll([[2], [3]])).toThrow("got [2] from input 1 and [3] from input 2");
  expect(() => subtract(relu())).not.toThrow();
  expect(() => subtract(relu()).plan([2])).toThrow(
    "subtract: expected 2 branches or inputs, got 1",
  );
  expect(() => average(relu(), relu()).planAll([[2], [2], [2]])).toThrow(
    "average: expected 1 input or 2, as many as branches, got 3",
  );
  expect(() => concatenate(1)).toThrow(
    "concatenate: expected distinct negative axes, counted from the end, got 1",
  );
  expect(() =>
    concatenate(-2).planAll([
      [2, 3],
      [2, 4],
    ]),
  ).toThrow(
    "concatenate: expected branches whose outputs agree but for axis -2, got [2, 3] from input 1 " +
      "and [2, 4] from input 2",
  );
});
