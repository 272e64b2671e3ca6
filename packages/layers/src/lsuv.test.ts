import type { NDArray } from "@tenon/contracts";
import { orthogonal } from "@tenon/init";
import { initialize, pass, reference, tensor, variance, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { wavy } from "./internal/gradcheck.js";

const engine = reference();
const { conv2d, dense, flatten, lsuv, relu, residual, sequential } = layers;
const batchOf = (shape: readonly number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: Float32Array.from(wavy(shape).data),
});
const varianceOf = (data: ArrayLike<number>): number => {
  const values = Array.from(data);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
};

test("the outputs of each layer with a kernel have variance 1", () => {
  const kernelInit = orthogonal();
  const model = sequential(
    conv2d(4, 3, { kernelInit }),
    relu(),
    residual(conv2d(4, 3, { padding: "same", kernelInit })),
    flatten(),
    dense(5, { kernelInit }),
  );
  const batch = batchOf([20, 6, 6, 2]);
  const state = initialize(model.plan([6, 6, 2]), 3);
  const params = lsuv(model, state, batch, { tolerance: 0.01, engine });
  expect(Object.keys(params)).toEqual(Object.keys(state.params));
  const outputs = new Map<string, Tensor>();
  const placed = Object.fromEntries(
    Object.entries(params).map(([path, { shape, data }]) => [path, tensor(data, shape)]),
  );
  model.forward(
    tensor(batch),
    pass({ params: placed, tap: (path, output) => void outputs.set(path, output) }),
  );
  for (const path of ["conv2d1", "residual1/body", "dense1"]) {
    const { bias, kernel } = { bias: params[`${path}/bias`], kernel: params[`${path}/kernel`] };
    expect(bias).toEqual(state.params[`${path}/bias`]);
    expect(kernel).not.toEqual(state.params[`${path}/kernel`]);
    expect(Math.abs(varianceOf(outputs.get(path)!.data()) - 1), path).toBeLessThan(0.02);
  }
});

test("a layer alone", () => {
  const batch = batchOf([30, 4]);
  const { kernel } = lsuv(dense(3), initialize(dense(3).plan([4]), 1), batch, { engine });
  const x = tensor(batch);
  expect(Math.abs(variance(x.matmul(tensor(kernel!))).item() - 1)).toBeLessThan(0.1);
});

test("refuses outputs that are all equal", () => {
  const batch = { shape: [4, 2], dtype: "float32" as const, data: new Float32Array(8) };
  expect(() => lsuv(dense(3), initialize(dense(3).plan([2]), 1), batch, { engine })).toThrow(
    'lsuv: expected outputs of layer "" that vary and are finite, got the variance 0',
  );
});
