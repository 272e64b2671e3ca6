import { constant } from "@tenon/init";
import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import { dense } from "./index.js";
import { gradcheck } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

test("is x W + b on the last axis", () => {
  const params = {
    kernel: { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] },
    bias: { shape: [3], data: [10, 20, 30] },
  };
  expectClose(
    run(dense(3), { x: { shape: [2, 2], data: [1, 0, 2, -1] }, params }).y.data,
    [11, 22, 33, 8, 19, 30],
  );
  expect(
    run(dense(3), { x: { shape: [1, 4, 2], data: new Array(8).fill(1) }, params }).y.shape,
  ).toEqual([1, 4, 3]);
});

test("its gradients agree with finite differences", () => {
  gradcheck(dense(3), [4]);
  gradcheck(dense(2, { useBias: false }), [3, 2]);
});

test("plans its parameters: a bias only if requested, inits as given", () => {
  const plan = dense(10, { kernelInit: constant({ value: 2 }) }).plan([784]);
  expect(plan.output).toEqual([10]);
  expect(plan.params["kernel"]!.shape).toEqual([784, 10]);
  expect(plan.params["kernel"]!.init([2], Math.random)).toEqual(Float32Array.of(2, 2));
  expect(plan.params["bias"]!.init([2], Math.random)).toEqual(Float32Array.of(0, 0));
  expect(Object.keys(dense(10, { useBias: false }).plan([7, 784]).params)).toEqual(["kernel"]);
});

test("names what it expected", () => {
  expect(() => dense(0)).toThrow(
    "dense: expected units as an integer ≥ 1, got 0; a table's target of numbers has no classes; " +
      "columnsOf's categories makes it labels",
  );
  expect(() => dense(3).plan([])).toThrow(
    "dense: expected at least one axis of inputs, [inputs], got []",
  );
  expect(() => run(dense(3), { x: { shape: [1, 2], data: [1, 2] } })).toThrow(
    'dense: expected "kernel" among the pass\' params, got none',
  );
});
