import { initialize, input, pass, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import {
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  maxPool2d,
  relu,
  residual,
  sequential,
} from "./index.js";
import { gradcheck, startOf, wavy } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

/** The tutorial's network. */
const cnn = sequential(
  conv2d(32, 3),
  relu(),
  maxPool2d(2),
  conv2d(64, 3),
  relu(),
  maxPool2d(2),
  flatten(),
  dropout(0.5),
  dense(10),
);

test("names each layer by its type and its index", () => {
  const plan = cnn.plan([28, 28, 1]);
  expect(plan.output).toEqual([10]);
  expect(
    Object.fromEntries(Object.entries(plan.params).map(([path, { shape }]) => [path, shape])),
  ).toEqual({
    "conv2d1/kernel": [3, 3, 1, 32],
    "conv2d1/bias": [32],
    "conv2d2/kernel": [3, 3, 32, 64],
    "conv2d2/bias": [64],
    "dense1/kernel": [1600, 10],
    "dense1/bias": [10],
  });
  expect(plan.parts!.map(({ path }) => path)).toEqual([
    "conv2d1",
    "relu1",
    "maxPool2d1",
    "conv2d2",
    "relu2",
    "maxPool2d2",
    "flatten1",
    "dropout1",
    "dense1",
  ]);
  expect(plan.parts!.map(({ plan }) => plan.output)).toEqual([
    [26, 26, 32],
    [26, 26, 32],
    [13, 13, 32],
    [11, 11, 64],
    [11, 11, 64],
    [5, 5, 64],
    [1600],
    [1600],
    [10],
  ]);
});

test("nests, and passes each layer its own parameters and statistics", () => {
  const model = sequential(sequential(dense(3), batchNorm()), sequential(dense(2)));
  const plan = model.plan([4]);
  expect(Object.keys(plan.params)).toEqual([
    "sequential1/dense1/kernel",
    "sequential1/dense1/bias",
    "sequential1/batchNorm1/gamma",
    "sequential1/batchNorm1/beta",
    "sequential2/dense1/kernel",
    "sequential2/dense1/bias",
  ]);
  expect(Object.keys(plan.stats)).toEqual([
    "sequential1/batchNorm1/mean",
    "sequential1/batchNorm1/variance",
  ]);
  const { stats } = run(model, { x: wavy([4, 4]), ...startOf(model, [4]), training: true });
  expect(Object.keys(stats)).toEqual(Object.keys(plan.stats));
  expect(Array.from(stats["sequential1/batchNorm1/mean"]!.data).every((m) => m !== 0)).toBe(true);
});

test("gradients flow through all of it", () => {
  gradcheck(
    sequential(conv2d(2, 2), batchNorm(), relu(), maxPool2d(2), flatten(), dense(3)),
    [5, 5, 1],
  );
});

test("passes each layer's output to the tap", () => {
  const model = sequential(dense(3), residual(sequential(dense(3), relu())));
  const { params } = initialize(model.plan([4]), 1);
  const tapped: string[] = [];
  const named = Object.fromEntries(
    Object.entries(params).map(([path, spec]) => [path, input(path, spec)]),
  );
  model.forward(
    input("x", { shape: [2, 4] }),
    pass({ params: named, tap: (path, y: Tensor) => tapped.push(`${path} ${y.shape.join("×")}`) }),
  );
  expect(tapped).toEqual([
    "dense1 2×3",
    "residual1/body/dense1 2×3",
    "residual1/body/relu1 2×3",
    "residual1/body 2×3",
    "residual1 2×3",
  ]);
});

test("without layers it is the identity", () => {
  const x = input("x", { shape: [1, 2] });
  expect(sequential().forward(x, pass({ params: {} }))).toBe(x);
  expect(sequential().plan([2]).output).toEqual([2]);
});

test("an input that does not fit is named by its path, with both shapes", () => {
  expect(() => cnn.plan([784])).toThrow(
    'layer "conv2d1": conv2d: expected an image [height, width, channels], got [784]',
  );
  expect(() => sequential(relu(), sequential(dense(3), residual([dense(4)]))).plan([5])).toThrow(
    'layer "sequential1/residual1": residual: expected a body that makes [3], the shape of its input, got [4]; give it a shortcut of that shape',
  );
  expect(() => sequential(dense(3), relu as never)).toThrow(
    "sequential: expected a layer at position 2, got relu, a function; call it: relu()",
  );
  expect(() => sequential(undefined as never)).toThrow(
    "sequential: expected a layer at position 1, got undefined",
  );
  const typeA = { ...relu(), type: "a" };
  const typeA1 = { ...relu(), type: "a1" };
  expect(() => sequential(typeA1, ...new Array(11).fill(typeA))).toThrow(
    'sequential: expected types whose numbered names differ, got "a11" twice',
  );
});
