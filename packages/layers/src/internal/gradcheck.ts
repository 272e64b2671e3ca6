import type { ByPath, Layer, NDArray } from "@tenon/contracts";
import { initialize, pass, reference, type Tensor } from "@tenon/tensor";
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
): Required<Pick<RunOptions, "params" | "stats">> {
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
  const value = lossOf(layer, x.shape, dy, training, start);
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
    differences(x, (input) => value(input, start.params)),
    tolerance,
    "gradient of x",
  );
  for (const path of Object.keys(start.params))
    expectClose(
      grads[path]!.data,
      differences(start.params[path]!, (p) => value(x, { ...start.params, [path]: p })),
      tolerance,
      `gradient of ${path}`,
    );
}

/** Σ y·dy as a function of the input and the parameters, compiled once. */
function lossOf(
  layer: Layer<Tensor>,
  shape: readonly number[],
  dy: Given,
  training: boolean,
  { params, stats }: Required<Pick<RunOptions, "params" | "stats">>,
): (x: Given, params: ByPath<Given>) => number {
  const scalar = { shape: [], dtype: "int32" } as const;
  const inputs = { x: { shape }, dy, seed: scalar, step: scalar, ...prefixed(params) };
  const program = reference({ precision: "float64" }).compile(
    (state: ByPath<Tensor>, fed: ByPath<Tensor>) => {
      const root = pass({
        params: Object.fromEntries(
          Object.keys(params).map((path) => [path, fed[`params/${path}`]!]),
        ),
        stats: state,
        ...(training && { training: { seed: fed["seed"]!, step: fed["step"]! } }),
      });
      const loss = layer.forward(fed["x"]!, root).mul(fed["dy"]!).sum();
      return { state, outputs: { loss } };
    },
    stats as ByPath<NDArray>,
    inputs,
  );
  return (x, given) => {
    const feed = { x: x.data, dy: dy.data, seed: 1, step: 0 };
    const arrays = Object.entries(prefixed(given)).map(([path, { data }]) => [path, data] as const);
    return program.step({ ...feed, ...Object.fromEntries(arrays) } as never).loss.data[0]!;
  };
}

const prefixed = (params: ByPath<Given>): ByPath<Given> =>
  Object.fromEntries(Object.entries(params).map(([path, array]) => [`params/${path}`, array]));
