import type { FoldKind } from "@tenon/plan";
import { expect, test } from "vitest";
import { folds } from "../../testing/folds.js";
import { outputOfStages } from "../../testing/run.js";
import { reduce, type Reduction } from "./reduce.js";
import { reduceInParts } from "./reduceInParts.js";

const product = (sizes: readonly number[]): number => sizes.reduce((s, n) => s * n, 1);
const reductionOf = (
  shape: readonly number[],
  axes: readonly number[],
  kind: FoldKind,
): Reduction => ({
  shape,
  axes,
  kind,
  foldOf: folds[kind],
  inputs: [{ strides: shape.map((_, axis) => product(shape.slice(axis + 1))), offset: 0 }],
  body: [
    { op: "load", input: 0, dtype: "float32" },
    { op: "square", args: [0], dtype: "float32" },
  ],
  outputs: [1],
});

test.each([
  [[1 << 17], [0], 32],
  [[99_999], [0], 9],
  [[64, 26, 26, 10], [0, 1, 2], 32],
  [[7, 30_000, 2], [1], 30],
  [[30_000, 3, 5], [0, 2], 30],
  [[3, 21, 5000], [1, 2], 25],
] as const)("%j over %j is folded in %i parts, each a work item or more", (shape, axes, parts) => {
  const x = Float32Array.from({ length: product(shape) }, (_, i) => Math.sin(i));
  const kept = shape.filter((_, axis) => !(axes as readonly number[]).includes(axis));
  const size = product(kept);
  const strides = shape.map((_, axis) =>
    (axes as readonly number[]).includes(axis)
      ? 0
      : product(
          shape
            .slice(axis + 1)
            .filter((_, i) => !(axes as readonly number[]).includes(axis + 1 + i)),
        ),
  );
  const fold = (start: number, step: (a: number, b: number) => number): number[] => {
    const result = new Array<number>(size).fill(start);
    x.forEach((value, position) => {
      let rest = position;
      let to = 0;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        to += (rest % shape[axis]!) * strides[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      result[to] = step(result[to]!, Math.fround(value * value));
    });
    return result;
  };
  const sum = reduceInParts(reductionOf(shape, axes, "sum"));
  expect(sum.temporaries).toEqual([4 * parts * size]);
  expect(sum.stages[0]!.kernel.workItems).toBeGreaterThanOrEqual(Math.min(parts, 8));
  outputOfStages(sum, size, [x]).forEach((y, i) =>
    expect(Math.abs(y / fold(0, (a, b) => a + b)[i]! - 1)).toBeLessThan(1e-6),
  );
  expect([...outputOfStages(reduceInParts(reductionOf(shape, axes, "max")), size, [x])]).toEqual(
    fold(-Infinity, Math.max),
  );
});

test.each([
  [[1000], [0]],
  [[4096, 64], [1]],
  [[99_991], [0]],
  [[0, 5], [0]],
  [[], []],
] as const)("%j over %j is folded at once", (shape, axes) => {
  const { temporaries, stages } = reduceInParts(reductionOf(shape, axes, "sum"));
  expect(temporaries).toEqual([]);
  expect(stages.map(({ kernel, operands }) => [kernel.key, operands])).toEqual([
    [reduce(reductionOf(shape, axes, "sum")).key, [0, 1]],
  ]);
});
