import { expect, test } from "vitest";
import { adam, chain, initSlots, masked, scale, sgd } from "./index.js";
import { eager } from "./internal/testing/eager.js";

const start = { kernel: { shape: [1, 1], data: [1] }, bias: { shape: [1], data: [1] } };
const isKernel = (_: string, shape: readonly number[]): boolean => shape.length > 1;

test("an optimizer for each kind of parameter", () => {
  const both = chain(
    masked(adam({ learningRate: 0.5 }), isKernel),
    masked(sgd({ learningRate: 0.25 }), (path, shape) => !isKernel(path, shape)),
  );
  const { kernel, bias } = eager(both, start).step({
    kernel: { shape: [1, 1], data: [8] },
    bias: { shape: [1], data: [8] },
  });
  expect([kernel!.data[0], bias!.data[0]]).toEqual([expect.closeTo(-0.5, 6), -2]);
});
test("has slots for its parameters only", () => {
  const params = {
    kernel: { shape: [1, 1], dtype: "float32", data: new Float32Array(1) },
    bias: { shape: [1], dtype: "float32", data: new Float32Array(1) },
  } as const;
  expect(Object.keys(initSlots(masked(adam(), isKernel), params)["scaleByAdam/m"]!)).toEqual([
    "kernel",
  ]);
});
test("freezes parameters", () => {
  const { kernel, bias } = eager(
    chain(
      sgd({ learningRate: 1 }),
      masked(scale(0), (path) => path === "bias"),
    ),
    start,
  ).step({ kernel: { shape: [1, 1], data: [8] }, bias: { shape: [1], data: [8] } });
  expect([kernel!.data[0], bias!.data[0]]).toEqual([-8, -0]);
});
