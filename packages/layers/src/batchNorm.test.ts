import { expectClose } from "@tenon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { batchNorm } from "./index.js";
import { gradcheck, startOf, wavy } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

const affine = { gamma: { shape: [3], data: [1, 1, 1] }, beta: { shape: [3], data: [0, 0, 0] } };
const fresh = { mean: { shape: [3], data: [0, 0, 0] }, variance: { shape: [3], data: [1, 1, 1] } };
const channel = (data: ArrayLike<number>, c: number): number[] =>
  Array.from(data).filter((_, i) => i % 3 === c);
const meanOf = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;

test("while training, each channel of the output has mean β and standard deviation γ", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.double({ min: -2, max: 2, noNaN: true }),
      (n, h, beta) => {
        const params = {
          gamma: { shape: [3], data: [2, 2, 2] },
          beta: { shape: [3], data: [beta, beta, beta] },
        };
        const { y } = run(batchNorm({ epsilon: 1e-12 }), {
          x: wavy([n, h, 2, 3]),
          params,
          stats: fresh,
          training: true,
        });
        for (const c of [0, 1, 2]) {
          const values = channel(y.data, c);
          const mean = meanOf(values);
          expectClose(
            [mean, Math.sqrt(meanOf(values.map((v) => (v - mean) ** 2)))],
            [beta, 2],
            1e-6,
          );
        }
      },
    ),
  );
});

test("running statistics are m · old + (1 − m) · batch, with the unbiased variance", () => {
  const x = wavy([2, 2, 2, 3]);
  const { stats } = run(batchNorm({ momentum: 0.9 }), {
    x,
    params: affine,
    stats: fresh,
    training: true,
  });
  const unbiased = run(batchNorm({ momentum: 0.9, unbiased: true }), {
    x,
    params: affine,
    stats: fresh,
    training: true,
  }).stats;
  for (const c of [0, 1, 2]) {
    const values = channel(x.data, c);
    const mean = meanOf(values);
    const variance = meanOf(values.map((v) => (v - mean) ** 2));
    expectClose(
      [stats["mean"]!.data[c]!, stats["variance"]!.data[c]!],
      [0.1 * mean, 0.9 + 0.1 * variance],
    );
    expectClose(
      [unbiased["mean"]!.data[c]!, unbiased["variance"]!.data[c]!],
      [0.1 * mean, 0.9 + (0.1 * variance * 8) / 7],
    );
  }
});

test("cumulative statistics are the mean over all batches so far", () => {
  const batches = [0, 1, 2].map((phase) => wavy([2, 3], phase));
  let stats: Parameters<typeof run>[1]["stats"] = { ...fresh, count: { shape: [], data: [0] } };
  for (const x of batches)
    stats = run(batchNorm({ momentum: "cumulative" }), {
      x,
      params: affine,
      stats,
      training: true,
    }).stats;
  expect(stats!["count"]!.data[0]).toBe(3);
  expectClose(
    stats!["mean"]!.data,
    [0, 1, 2].map((c) => meanOf(batches.map(({ data }) => meanOf(channel(data, c))))),
  );
});

test("outside training, examples do not affect each other, and statistics stay", () => {
  const stats = {
    mean: { shape: [3], data: [1, 2, 3] },
    variance: { shape: [3], data: [4, 4, 4] },
  };
  const { y, stats: after } = run(batchNorm({ epsilon: 1e-12 }), {
    x: { shape: [1, 3], data: [3, 2, -1] },
    params: affine,
    stats,
  });
  expectClose(y.data, [1, 0, -2]);
  expectClose(after["mean"]!.data, [1, 2, 3]);
});

test("gradients agree with finite differences, in training and in use", () => {
  for (const training of [true, false]) {
    gradcheck(batchNorm(), [2, 3], { batch: 3, training });
    gradcheck(batchNorm({ scale: false }), [3], { batch: 4, training });
    gradcheck(batchNorm({ center: false, track: false }), [2], { batch: 4, training });
  }
});

test("without tracking there are no statistics, and each batch's own are used", () => {
  const layer = batchNorm({ track: false });
  expect(layer.plan([3]).stats).toEqual({});
  const x = wavy([4, 3]);
  expect(run(layer, { x, ...startOf(layer, [3]) }).y).toEqual(
    run(layer, { x, ...startOf(layer, [3]), training: true }).y,
  );
});

test("names what it expected", () => {
  expect(() => batchNorm({ momentum: 1 })).toThrow("batchNorm: expected momentum in [0, 1), got 1");
  expect(() => batchNorm({ epsilon: -1 })).toThrow(
    "batchNorm: expected epsilon as a finite number ≥ 0, got -1",
  );
  expect(() => batchNorm().plan([])).toThrow(
    "batchNorm: expected an input with at least 1 axes, got []",
  );
  expect(() =>
    run(batchNorm({ unbiased: true }), {
      x: wavy([1, 3]),
      params: affine,
      stats: fresh,
      training: true,
    }),
  ).toThrow("batchNorm: expected at least 2 values per channel");
  expect(() => run(batchNorm(), { x: wavy([1, 3]), params: affine })).toThrow(
    'batchNorm: expected "mean" among the pass\' stats, got none',
  );
});
