import { expectClose } from "@tenon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { initialize, type Tensor } from "@tenon/tensor";
import type { Layer } from "@tenon/contracts";
import { startOf, wavy } from "./internal/gradcheck.js";
import { ofOneInput, run, type Given } from "./internal/testing.js";

const output = (layer: Layer<Tensor>, x: Given, params = {}): number[] =>
  Array.from(run(layer, { x, params }).y.data);
const row = (...data: number[]): Given => ({ shape: [1, data.length], data });

/** The nearest point of the simplex, with τ found by bisection. */
function nearestFractions(x: readonly number[]): number[] {
  let [low, high] = [Math.min(...x) - 1, Math.max(...x)];
  for (let i = 0; i < 100; i++) {
    const tau = (low + high) / 2;
    if (x.reduce((sum, v) => sum + Math.max(0, v - tau), 0) > 1) low = tau;
    else high = tau;
  }
  return x.map((v) => Math.max(0, v - low));
}

test("sparsemax gives the nearest fractions of one", () =>
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 6 }),
      (x) => expectClose(output(layers.sparsemax(), row(...x)), nearestFractions(x), 1e-9),
    ),
  ));

test("sparsemax, along an axis, of ties and of values far from 0", () => {
  expectClose(output(layers.sparsemax(), row(1e4, 1e4, 1e4, -1e4)), [1 / 3, 1 / 3, 1 / 3, 0]);
  const x = { shape: [1, 2, 2], data: [1, 5, 1.5, 0] };
  expectClose(output(layers.sparsemax({ axis: 1 }), x), [0.25, 1, 0.75, 0]);
});

test("maxout, swiglu and a relu of segments, by hand", () => {
  expect(output(layers.maxout(3), row(1, 5, 2, -1, -3, -2))).toEqual([5, -1]);
  const silu = (v: number): number => v / (1 + Math.exp(-v));
  expectClose(output(layers.swiglu(), row(1, -2, 3, 4)), [3 * silu(1), 4 * silu(-2)]);
  const segments = layers.piecewiseRelu({ negativeSlope: 0.5, threshold: 1, maxValue: 3 });
  expect(output(segments, row(-1, 1, 2, 3, 4))).toEqual([-1, 0, 2, 3, 3]);
});

test("squeezeExcite multiplies each channel by its factor", () => {
  const layer = layers.squeezeExcite(2);
  const x = wavy([2, 2, 3, 4]);
  const { params } = startOf(layer, [2, 3, 4]);
  expect(Object.keys(params)).toEqual(
    ["dense1/kernel", "dense1/bias", "dense2/kernel", "dense2/bias"].map((p) => `gate/${p}`),
  );
  const at = (name: string): ArrayLike<number> => params[`gate/${name}`]!.data;
  const y = output(layer, x, params);
  for (let i = 0; i < 2; i++) {
    const mean = [0, 1, 2, 3].map(
      (c) => [0, 1, 2, 3, 4, 5].reduce((s, p) => s + x.data[(i * 6 + p) * 4 + c]!, 0) / 6,
    );
    const hidden = [0, 1].map((k) =>
      Math.max(
        0,
        mean.reduce((s, v, c) => s + v * at("dense1/kernel")[c * 2 + k]!, at("dense1/bias")[k]!),
      ),
    );
    for (let c = 0; c < 4; c++) {
      const z = hidden.reduce(
        (s, v, k) => s + v * at("dense2/kernel")[k * 4 + c]!,
        at("dense2/bias")[c]!,
      );
      for (let p = 0; p < 6; p++)
        expect(y[(i * 6 + p) * 4 + c]).toBeCloseTo(
          x.data[(i * 6 + p) * 4 + c]! / (1 + Math.exp(-z)),
          10,
        );
    }
  }
});

test("filterResponseNorm and globalResponseNorm are their formulas", () => {
  const x = { shape: [1, 2, 2], data: [3, 1, 4, -2] };
  const each = (...data: number[]): Given => ({ shape: [2], data });
  const [a, b] = [Math.sqrt(12.5), Math.sqrt(2.5)];
  expectClose(
    output(layers.filterResponseNorm({ epsilon: 1e-12 }), x, {
      gamma: each(2, 1),
      beta: each(0, 1),
      tau: each(1.8, 0),
    }),
    [Math.max(1.8, 6 / a), 1 / b + 1, 8 / a, Math.max(0, -2 / b + 1)],
    1e-9,
  );
  const [g, h] = [5, Math.sqrt(5)];
  const mean = (g + h) / 2;
  expectClose(
    output(layers.globalResponseNorm({ epsilon: 0 }), x, { gamma: each(2, 1), beta: each(0.5, 0) }),
    [(2 * 3 * g) / mean + 3.5, h / mean + 1, (2 * 4 * g) / mean + 4.5, (-2 * h) / mean - 2],
  );
  const { params } = initialize(layers.globalResponseNorm().plan([2, 2]), 1);
  expect(output(layers.globalResponseNorm(), x, params)).toEqual(x.data);
});

test("an embedding's row for padding starts as zeros and stays", () => {
  const layer = layers.embedding(3, 2, { paddingIndex: 1 });
  const { params } = initialize(layer.plan([4]), 1);
  const table = Array.from(params["table"]!.data);
  expect(table.slice(2, 4)).toEqual([0, 0]);
  expect(table.filter((v) => v === 0)).toHaveLength(2);
  const x = { shape: [1, 4], data: [0, 1, 2, 1] };
  const { grads } = run(layer, { x, params, integers: true });
  expect(Array.from(grads["table"]!.data)).toEqual([1, 1, 0, 0, 1, 1]);
});

test("instanceNorm's running statistics are the means over examples", () => {
  const layer = layers.instanceNorm({ track: true, momentum: 0.5, scale: false, center: false });
  const x = { shape: [2, 2, 1], data: [1, 3, 10, 20] };
  const stats = { mean: { shape: [1], data: [0] }, variance: { shape: [1], data: [1] } };
  const after = run(layer, { x, stats, training: true }).stats;
  expectClose(after["mean"]!.data, [0.5 * ((2 + 15) / 2)]);
  expectClose(after["variance"]!.data, [0.5 + 0.5 * ((2 + 50) / 2)]);
});

test("timeDistributed is the layer at each step", () => {
  const inner = layers.conv2d(2, 2);
  const x = wavy([2, 3, 3, 3, 1]);
  const start = startOf(inner, [3, 3, 1]);
  expectClose(
    output(layers.timeDistributed(inner), x, start.params),
    output(inner, { shape: [6, 3, 3, 1], data: x.data }, start.params),
  );
  expect(layers.timeDistributed(inner).plan([3, 3, 3, 1]).output).toEqual([3, 2, 2, 2]);
});

test("channelShuffle takes the first of each group, then the second", () => {
  expect(output(layers.channelShuffle(2), row(1, 2, 3, 4, 5, 6))).toEqual([1, 4, 2, 5, 3, 6]);
});

test("rrelu draws its slopes while training, and takes their middle otherwise", () => {
  const x = row(...new Array<number>(1000).fill(-1), 2);
  const layer = layers.rrelu({ low: 0.2, high: 0.4 });
  expectClose(output(layer, x).slice(999), [-0.3, 2]);
  const slopes = Array.from(run(layer, { x, training: true }).y.data, (v) => -v).slice(0, 1000);
  expect(Math.min(...slopes)).toBeGreaterThanOrEqual(0.2);
  expect(Math.max(...slopes)).toBeLessThan(0.4);
  expect(new Set(slopes).size).toBeGreaterThan(990);
});

test("dot is the scalar product of vectors, and a matrix of those of sequences", () => {
  const square = layers.activation("square", (x) => x.square());
  const both = layers.dot(-1, layers.identity(), square);
  expect(output(both, row(1, -2, 3))).toEqual([1 - 8 + 27]);
  const x = { shape: [1, 2, 2], data: [1, 2, 3, 4] };
  expect(output(both, x)).toEqual([9, 41, 19, 91]);
  expect(output(layers.dot(-2, layers.identity(), square), x)).toEqual([28, 52, 38, 72]);
});

test("bilinear has PyTorch's values and gradients", () => {
  const inputs = [[2], [3]];
  const layer = ofOneInput(layers.bilinear(2), inputs);
  const [x1, x2] = [wavy([2, 2]).data, wavy([2, 3], 3).data];
  const rows = [0, 1].flatMap((i) => [
    ...Array.from(x1).slice(2 * i, 2 * i + 2),
    ...Array.from(x2).slice(3 * i, 3 * i + 3),
  ]);
  const { y, dx, grads } = run(layer, {
    x: { shape: [2, 5], data: rows },
    params: { kernel: wavy([3, 2, 2], 1), bias: wavy([2], 2) },
    dy: wavy([2, 2], 4),
  });
  // nn.Bilinear of PyTorch 2.15 in float64.
  expectClose(y.data, [4.59902694, -3.86671676, 3.81191844, 2.53632885], 1e-8);
  expectClose(
    dx.data,
    [
      4.7225117, -2.89121754, 3.50803741, 0.558150341, -1.77920437, 1.25938943, -4.23846381,
      4.67532001, 1.92439515, -0.688520185,
    ],
    1e-8,
  );
  expectClose(
    grads["kernel"]!.data,
    [
      -0.465065175, -0.141434458, -4.3014527, -1.74212577, 1.9853699, 1.22991558, 7.57843777,
      4.44253934, 0.21884108, 0.0954027641, 1.52718729, 0.681795551,
    ],
    1e-8,
  );
  expectClose(grads["bias"]!.data, [0.228942016, -0.182307434], 1e-8);
  const { kernel, bias } = startOf(layers.bilinear(64), [16], 3).params;
  for (const { data } of [kernel!, bias!]) {
    const largest = Math.max(...Array.from(data, Math.abs));
    expect(largest).toBeGreaterThan(0.2);
    expect(largest).toBeLessThan(0.25 + 0.1); // ±1/√16, and what startOf adds
  }
});

test("einsumDense is dense, where the equation says so", () => {
  const ours = layers.einsumDense("abc,cd->abd", { d: 3 }, { biasAxes: "d" });
  const dense = layers.dense(3);
  expect(JSON.stringify(ours.plan([2, 4]))).toBe(JSON.stringify(dense.plan([2, 4])));
  const x = wavy([2, 2, 4]);
  const { params } = startOf(dense, [2, 4]);
  expectClose(output(ours, x, params), output(dense, x, params));
  expect(
    layers.einsumDense("ab,bcd->adc", { c: 2, d: 3 }, { biasAxes: "d" }).plan([4]).params["bias"]!
      .shape,
  ).toEqual([3, 1]);
});

test.each([
  [
    () => layers.dot(-1, layers.dense(2), layers.dense(3)).plan([4]),
    /^dot: expected axes -1 of one/,
  ],
  [
    () =>
      layers.bilinear(2).planAll([
        [2, 3],
        [4, 3],
      ]),
    /^bilinear: expected inputs \[…, a\] and \[…, b\], got \[2, 3\] and \[4, 3\]; reshape one$/,
  ],
  [
    () => layers.bilinear(2).planAll([[2], [3], [4]]),
    /^bilinear: expected 1 or 2 inputs, got 3; concatenate some$/,
  ],
  [() => layers.dot(-1).plan([4]), /^dot: expected 2 branches or inputs, got 1/],
  [() => layers.rrelu({ low: 1, high: 0 }), /^rrelu: expected low ≤ high, got 1 and 0/],
  [() => layers.channelShuffle(2).plan([3]), /^channelShuffle: expected channels divisible by 2/],
  [
    () => layers.timeDistributed(layers.relu()).plan([3]),
    /^timeDistributed: expected a sequence of/,
  ],
  [() => layers.einsumDense("ab,bc", { c: 2 }), /^einsumDense: expected an equation such as/],
  [() => layers.einsumDense("ab,bc->ac", {}), /^einsumDense: expected a size of the label "c"/],
  [
    () => layers.einsumDense("ab,bc->ac", { c: 2 }, { biasAxes: "b" }),
    /^einsumDense: expected biasAxes among the output's labels "ac", got "b"/,
  ],
])("refuses %s", (call, message) => {
  expect(call).toThrow(message);
});
