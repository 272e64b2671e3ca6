import fc from "fast-check";
import { expect, test } from "vitest";
import { slice } from "./movement.js";
import { argMax, argMin, logSumExp, prod, variance } from "./reduce.js";
import { gradients } from "../gradients.js";
import { gradcheck, testValues, positiveTestValues } from "../internal/gradcheck.js";
import { sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { full, tensor, zeros } from "./leaf.js";
import * as r from "./reduce.js";

const list = (x: Tensor): number[] => [...x.data()];
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

/** Each reduction, of plain lists. */
const folds: [string, r.Reduce, (xs: number[]) => number][] = [
  ["sum", r.sum, (xs) => xs.reduce((a, b) => a + b, 0)],
  ["mean", r.mean, mean],
  ["max", r.max, (xs) => Math.max(...xs)],
  ["min", r.min, (xs) => Math.min(...xs)],
  ["prod", r.prod, (xs) => xs.reduce((a, b) => a * b, 1)],
  ["variance", r.variance, (xs) => mean(xs.map((x) => (x - mean(xs)) ** 2))],
  ["std", r.std, (xs) => Math.sqrt(mean(xs.map((x) => (x - mean(xs)) ** 2)))],
  ["norm", r.norm, (xs) => Math.hypot(...xs)],
  ["logSumExp", r.logSumExp, (xs) => Math.log(xs.reduce((a, b) => a + Math.exp(b), 0))],
  ["any", r.any, (xs) => Number(xs.some((x) => x !== 0))],
  ["all", r.all, (xs) => Number(xs.every((x) => x !== 0))],
];

const shapeAndAxes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    keepDims: fc.boolean(),
    axes: fc.option(
      fc
        .subarray(shape.map((_, i) => i))
        .map((list) => list.map((axis, i) => (i % 2 ? axis - shape.length : axis))),
      { nil: undefined },
    ),
  }),
);

test.each(folds)("%s folds any axes of any shape", (_name, f, expected) =>
  fc.assert(
    fc.property(shapeAndAxes, ({ shape, axes, keepDims }) => {
      const x = testValues(shape);
      const over = (axes ?? shape.map((_, i) => i)).map((axis) =>
        axis < 0 ? axis + shape.length : axis,
      );
      const y = f(tensor(x), axes, keepDims);
      expect(y.shape).toEqual(
        shape.flatMap((n, i) => (over.includes(i) ? (keepDims ? [1] : []) : [n])),
      );
      // Group the values by the place that is left when the folded axes are dropped.
      const groups = new Map<string, number[]>();
      const kept = shape.filter((_, i) => !over.includes(i));
      for (let i = 0; i < sizeOf(shape); i++) {
        const place: number[] = [];
        for (
          let axis = shape.length - 1, rest = i;
          axis >= 0;
          rest = Math.floor(rest / shape[axis]!), axis--
        )
          if (!over.includes(axis)) place.unshift(rest % shape[axis]!);
        const key = place.join();
        groups.set(key, [...(groups.get(key) ?? []), Math.fround(x.data[i]!)]);
      }
      const got = list(y);
      expect(got.length).toBe(sizeOf(kept));
      const wanted =
        groups.size > 0 ? [...groups.values()].map(expected) : got.map(() => expected([]));
      wanted.forEach((want, i) => {
        if (Number.isFinite(want)) expect(got[i]).toBeCloseTo(want, 5);
        else expect(got[i]).toBe(want);
      });
    }),
    { numRuns: 150 },
  ),
);

test.each(folds)("%s has the gradient of finite differences, and that gradient too", (name, f) => {
  gradcheck((x) => f(x), [testValues([2, 3])]);
  gradcheck((x) => f(x, 1), [testValues([2, 3, 2])]);
  gradcheck((x) => f(x, [0, -1], true), [testValues([2, 3, 2])]);
  gradcheck((x) => f(x), [testValues([])], { second: !["std", "norm"].includes(name) });
  gradcheck((x) => f(x, 0), [testValues([3, 0])]);
  if (!["mean", "variance", "std"].includes(name)) gradcheck((x) => f(x, 1), [testValues([2, 0])]);
});

test("prod has its gradients, and theirs, where values are zero", () => {
  for (const zeros of [[1], [0, 2], [0, 1, 2]]) {
    const x = positiveTestValues([3]);
    gradcheck(
      (y) => prod(y),
      [{ ...x, data: Float64Array.from(x.data, (v, i) => (zeros.includes(i) ? 0 : v)) }],
    );
  }
  gradcheck(
    (x) => prod(x, [0, 2]),
    [{ ...testValues([3, 2, 2]), data: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 0, 0, 1, 2, 3) }],
  );
});

test("of nothing: 0, 1, −∞, ∞ and NaN", () => {
  const none = zeros([2, 0]);
  expect(list(none.sum(1))).toEqual([0, 0]);
  expect(list(prod(none, 1))).toEqual([1, 1]);
  expect(list(none.max(1))).toEqual([-Infinity, -Infinity]);
  expect(list(none.min(1))).toEqual([Infinity, Infinity]);
  expect(list(none.mean(1))).toEqual([NaN, NaN]);
  expect(list(logSumExp(none, 1))).toEqual([-Infinity, -Infinity]);
  expect(list(variance(none, 1))).toEqual([NaN, NaN]);
  expect(list(r.any(none, 1))).toEqual([0, 0]);
  expect(list(r.all(none, 1))).toEqual([1, 1]);
  const integers = zeros([0], "int32");
  expect([integers.max().item(), integers.min().item()]).toEqual([-2147483648, 2147483647]);
});

test("integers stay integers and wrap around; their mean does not", () => {
  const x = tensor(Int32Array.of(2147483647, 1, 2));
  expect(x.sum()).toMatchObject({ dtype: "int32" });
  expect(x.sum().item()).toBe(-2147483646);
  expect(x.max().dtype).toBe("int32");
  expect(x.mean().item()).toBe(Math.fround(2147483650 / 3));
  expect(prod(tensor(Int32Array.of(65536, 65537, 3))).item()).toBe(
    Math.imul(Math.imul(65536, 65537), 3),
  );
});

test("the gradient of max and min is divided equally among equals", () => {
  const x = tensor([
    [3, 1, 3],
    [0, 0, 0],
  ]);
  expect(list(gradients(x.max(1).sum(), x))).toEqual([
    0.5,
    0,
    0.5,
    ...new Array(3).fill(Math.fround(1 / 3)),
  ]);
  expect(list(gradients(x.min(1).sum(), x)).slice(0, 3)).toEqual([0, 1, 0]);
});

test("NaN wins in max, min, argMax and argMin", () => {
  const x = tensor([1, NaN, 3, NaN]);
  expect([x.max().item(), x.min().item()]).toEqual([NaN, NaN]);
  expect([argMax(x).item(), argMin(x).item()]).toEqual([1, 1]);
});

test("variance: corrections, and fewer values than it needs", () => {
  const x = tensor([1, 2, 4, 9]);
  expect(variance(x).item()).toBe(9.5);
  expect(variance(x, undefined, false, 1).item()).toBeCloseTo(38 / 3, 5);
  expect(variance(tensor([5]), 0, false, 1).item()).toBeNaN();
  expect(variance(tensor([5, 7]), 0, false, 3).item()).toBe(Infinity);
  // The mean is taken out first: no cancellation.
  expect(variance(tensor([10000, 10001, 10002])).item()).toBeCloseTo(2 / 3, 5);
});

test("std and norm have gradient 0 where they are 0, and no NaN in the gradient's gradient", () => {
  for (const f of [r.std, r.norm]) {
    const x = zeros([3]).add(0);
    const grad = gradients(f(x).sum(), x);
    expect(list(grad)).toEqual([0, 0, 0]);
    expect(list(gradients(grad.square().sum(), x))).toEqual([0, 0, 0]);
  }
});

test("logSumExp and softmax do not overflow, and infinities have their limits", () => {
  expect(logSumExp(tensor([1000, 1000])).item()).toBeCloseTo(1000 + Math.LN2, 3);
  expect(logSumExp(tensor([-Infinity, -Infinity])).item()).toBe(-Infinity);
  expect(logSumExp(tensor([Infinity, 0])).item()).toBe(Infinity);
  const x = tensor([0, -Infinity, 0]);
  expect(list(x.softmax())).toEqual([0.5, 0, 0.5]);
  expect(list(x.logSoftmax())).toEqual([-Math.fround(Math.LN2), -Infinity, -Math.fround(Math.LN2)]);
  expect(list(gradients(slice(x.softmax(), [0], [1]).sum(), x))).toEqual([0.25, -0, -0.25]);
  expect(list(gradients(slice(x.logSoftmax(), [0], [1]).sum(), x))).toEqual([0.5, 0, -0.5]);
  expect(list(gradients(logSumExp(x), x))).toEqual([0.5, 0, 0.5]);
  expect(list(tensor([1e30, -1e30]).logSoftmax())).toEqual([0, -Math.fround(2e30)]);
  expect(list(tensor(Int32Array.of(-2147483648, 2147483647)).softmax())).toEqual([0, 1]);
});

test("softmax and logSoftmax have the gradients of finite differences along any axis", () => {
  for (const axis of [0, 1, -1]) {
    gradcheck((x) => x.softmax(axis), [testValues([2, 3, 2])]);
    gradcheck((x) => x.logSoftmax(axis), [testValues([2, 3, 2])]);
  }
  expect(list(full([2, 4], 3).softmax())).toEqual(new Array(8).fill(0.25));
});

test("argMax and argMin: the first of equals, along any axis", () => {
  const x = tensor([
    [1, 5, 5],
    [7, 0, 0],
  ]);
  expect(list(argMax(x))).toEqual([1, 0]);
  expect(list(argMax(x, 0))).toEqual([1, 0, 0]);
  expect(argMin(x, 1, true)).toMatchObject({ shape: [2, 1], dtype: "int32" });
  expect(list(argMin(x, 1))).toEqual([0, 1]);
  expect(argMax(x.reshape([0 + 2, 3, 1]), 1).shape).toEqual([2, 1]);
});

test("impossible arguments are refused by name", () => {
  expect(() => tensor([1]).sum(1)).toThrow("sum: expected an axis from -1 to 0, got 1");
  expect(() => tensor([[1]]).mean([0, -2])).toThrow("expected each axis once");
  expect(() => tensor(1).max(0)).toThrow("max: expected a tensor with axes, got a scalar");
  expect(() => tensor([1]).sum(0.5)).toThrow("got 0.5");
  expect(() => argMax(zeros([2, 0]))).toThrow(
    "argMax: expected at least one value along axis 1, got none",
  );
});

test("sums are as exact as float64", () => {
  const x = full([1 << 16], 0.1);
  expect(x.sum().item()).toBe(Math.fround(Math.fround(0.1) * 65536));
});
