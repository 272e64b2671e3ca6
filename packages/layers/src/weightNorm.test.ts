import { glorotUniform, normal, orthogonal, zeros } from "@tenon/init";
import { initialize } from "@tenon/tensor";
import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import { conv2d, dense, relu, sequential, weightNorm } from "./index.js";
import { gradcheck, startOf, wavy } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

/** w = g · v / ‖v‖ per output, in plain values. */
const kernelOf = (v: ArrayLike<number>, g: ArrayLike<number>): number[] => {
  const outputs = g.length;
  const squares = new Array<number>(outputs).fill(0);
  Array.from(v).forEach((x, i) => {
    squares[i % outputs]! += x * x;
  });
  return Array.from(v, (x, i) => (g[i % outputs]! * x) / Math.sqrt(squares[i % outputs]!));
};

test("is the layer with the kernel g · v / ‖v‖", () => {
  for (const [layer, example] of [
    [dense(3), [4]],
    [conv2d(3, 2), [3, 3, 2]],
  ] as const) {
    const x = wavy([2, ...example]);
    const { params } = startOf(weightNorm(layer), example);
    const { g, v, bias } = params!;
    const kernel = { shape: v!.shape, data: kernelOf(v!.data, g!.data) };
    expectClose(
      run(weightNorm(layer), { x, params: params! }).y.data,
      run(layer, { x, params: { kernel, bias: bias! } }).y.data,
    );
  }
});

test("gradients agree with finite differences; that of v is at right angles to v", () => {
  gradcheck(weightNorm(dense(3)), [4]);
  gradcheck(weightNorm(conv2d(2, 2, { useBias: false }), { per: "kernel" }), [3, 3, 2]);
  const x = wavy([2, 4]);
  const start = startOf(weightNorm(dense(1)), [4]);
  const { grads } = run(weightNorm(dense(1)), { x, ...start });
  expect(
    Array.from(grads["v"]!.data).reduce((sum, s, i) => sum + s * start.params!["v"]!.data[i]!, 0),
  ).toBeCloseTo(0, 10);
});

test("starts as the layer itself where lengths are certain", () => {
  const layer = dense(4, { kernelInit: orthogonal() });
  const { params } = initialize(weightNorm(layer).plan([6]), 5);
  expectClose(kernelOf(params["v"]!.data, params["g"]!.data), params["v"]!.data, 1e-6);
});

test("starts with a normal init's lengths: squares of mean n · std², from another draw", () => {
  const { params } = initialize(
    weightNorm(dense(4000, { kernelInit: normal({ std: 0.1 }) })).plan([50]),
    1,
  );
  const lengths = Array.from(params["g"]!.data);
  const squares = lengths.map((g) => g * g);
  // Σ of 50 squares of standard deviation 0.1: mean 0.5, standard deviation 0.1; five standard
  // errors of 4000.
  expect(Math.abs(squares.reduce((a, b) => a + b) / 4000 - 0.5)).toBeLessThan(
    (5 * 0.1) / Math.sqrt(4000),
  );
  expect(new Set(lengths).size).toBeGreaterThan(3900);
});

test("names what it expected", () => {
  expect(() => weightNorm(relu()).plan([3])).toThrow(
    'weightNorm: expected a layer with a parameter "kernel", got relu with none; wrap the layers inside instead',
  );
  expect(() => weightNorm(sequential(dense(2))).plan([3])).toThrow(
    "got sequential with dense1/kernel, dense1/bias",
  );
  expect(() => initialize(weightNorm(dense(2, { kernelInit: zeros() })).plan([3]), 1)).toThrow(
    "weightNorm: expected a kernel init that gives each output a direction",
  );
  expect(() => weightNorm(dense(2), { per: "row" as never })).toThrow(
    'weightNorm: expected per "output" or "kernel", got "row"',
  );
  expect(weightNorm(dense(2, { kernelInit: glorotUniform() })).plan([3]).output).toEqual([2]);
});
