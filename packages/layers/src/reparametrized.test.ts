import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { gradcheck, startOf, wavy } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

const { conv2d, dense, spectralNorm, weightStandardization } = layers;

test("spectral norm divides by the largest singular value", () => {
  // Singular values 3, 2 and 0.5, after two rotations.
  const [c, s] = [Math.cos(0.6), Math.sin(0.6)];
  const kernel = {
    shape: [3, 3],
    data: [3 * c, -2 * s, 0, 3 * s, 2 * c, 0, 0, 0, 0.5],
  };
  const layer = spectralNorm(dense(3, { useBias: false }), { iterations: 40 });
  const x = { shape: [3, 3], data: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  const stats = { u: { shape: [3], data: [1, 1, 1] } };
  const after = run(layer, { x, params: { kernel }, stats, training: true });
  const expected = kernel.data.map((w) => w / 3);
  expectClose(after.y.data, expected, 1e-9);
  // Outside training the vector that was found is used, and stays.
  const used = run(layer, { x, params: { kernel }, stats: after.stats });
  expectClose(used.y.data, expected, 1e-9);
  expect(used.stats).toEqual(after.stats);
});

test("one iteration per step finds it too, after some steps", () => {
  const layer = spectralNorm(dense(2, { useBias: false }));
  const kernel = { shape: [2, 2], data: [2, 1, 0, 1] };
  const largest = Math.sqrt(3 + Math.sqrt(5));
  const x = { shape: [2, 2], data: [1, 0, 0, 1] };
  let stats = startOf(layer, [2]).stats;
  let y: ArrayLike<number> = [];
  for (let step = 0; step < 30; step++)
    ({
      stats,
      y: { data: y },
    } = run(layer, { x, params: { kernel }, stats, training: true, step }));
  expectClose(
    y,
    kernel.data.map((w) => w / largest),
    1e-9,
  );
});

test("its gradients outside training, where u is given", () => {
  gradcheck(spectralNorm(conv2d(3, 2)), [3, 3, 2], { training: false });
});

test("weight standardization: each output's weights have mean 0 and variance 1", () => {
  const kernel = { shape: [3, 2], data: [1, 10, 2, 20, 6, 60] };
  const layer = weightStandardization(dense(2, { useBias: false }), { epsilon: 0 });
  const x = { shape: [3, 3], data: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  const std = Math.sqrt((4 + 1 + 9) / 3);
  const column = [-2, -1, 3].map((v) => v / std);
  expectClose(
    run(layer, { x, params: { kernel } }).y.data,
    column.flatMap((v) => [v, v]),
  );
});

test("they take the layer's own parameters, and refuse one without a kernel", () => {
  const example = [3, 3, 2];
  for (const wrap of [spectralNorm, weightStandardization]) {
    const inner = conv2d(4, 2);
    expect(wrap(inner).plan(example).params).toEqual(inner.plan(example).params);
    expect(() => wrap(layers.relu()).plan([2])).toThrow(
      'expected a layer with a parameter "kernel"',
    );
    expect(run(wrap(inner), { x: wavy([2, ...example]), ...startOf(wrap(inner), example) }).y.shape) //
      .toEqual([2, 2, 2, 4]);
  }
});
