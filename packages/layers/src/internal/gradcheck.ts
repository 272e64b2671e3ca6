import type { ByPath, Layer } from "@tenon/contracts";
import { initialize, type Tensor } from "@tenon/tensor";
import { expectClose } from "@tenon/testkit";
import { expect } from "vitest";
import { run, type Given, type RunOptions } from "./testing.js";

/**
 * Values that seem random, far enough from each other and from 0 to avoid kinks and ties.
 */
export function wavy(shape: readonly number[], phase = 0): Given {
  const size = shape.reduce((n, m) => n * m, 1);
  return {
    shape,
    data: Float64Array.from(
      { length: size },
      (_, i) => Math.sin(i * 1.7 + phase) * 1.3 + Math.cos(i * i * 0.37 + phase) * 0.6 + 0.01,
    ),
  };
}

/**
 * The initial state of a layer for an example of this shape. Biases too are not 0, so that
 * their gradients are tried away from 0.
 */
export function startOf(
  layer: Layer<Tensor>,
  example: readonly number[],
  seed = 1,
): Pick<RunOptions, "params" | "stats"> {
  const { params, stats } = initialize(layer.plan(example), seed);
  const moved = Object.entries(params).map(([path, { shape, data }], k): [string, Given] => [
    path,
    { shape, data: Float64Array.from(data, (v, i) => v + 0.1 * Math.sin(i + k)) },
  ]);
  return { params: Object.fromEntries(moved), stats };
}

/**
 * Checks a layer on a batch: the output has the planned shape, and the gradients of Σ y·dy with
 * respect to the input and to every parameter agree with central differences.
 */
export function gradcheck(
  layer: Layer<Tensor>,
  example: readonly number[],
  {
    batch = 2,
    training = true,
    tolerance = 1e-6,
  }: { batch?: number; training?: boolean; tolerance?: number } = {},
): void {
  const x = wavy([batch, ...example]);
  const start = startOf(layer, example);
  const dy = wavy([batch, ...layer.plan(example).output], 1);
  const options = { dy, training, ...start };
  const { y, dx, grads } = run(layer, { x, ...options });
  expect(y.shape).toEqual([batch, ...layer.plan(example).output]);
  const value = (input: Given, params: ByPath<Given>): number => {
    const { y } = run(layer, { ...options, x: input, params });
    return Array.from(y.data).reduce((sum, v, i) => sum + v * dy.data[i]!, 0);
  };
  const nudged = (array: Given, i: number, by: number): Given => ({
    shape: array.shape,
    data: Float64Array.from(array.data, (v, k) => (k === i ? v + by : v)),
  });
  const h = 1e-5;
  const differences = (array: Given, put: (array: Given) => number): number[] =>
    Array.from(
      array.data,
      (_, i) => (put(nudged(array, i, h)) - put(nudged(array, i, -h))) / (2 * h),
    );
  expectClose(
    dx.data,
    differences(x, (input) => value(input, start.params!)),
    tolerance,
    "gradient of x",
  );
  for (const path of Object.keys(start.params!))
    expectClose(
      grads[path]!.data,
      differences(start.params![path]!, (p) => value(x, { ...start.params!, [path]: p })),
      tolerance,
      `gradient of ${path}`,
    );
}
