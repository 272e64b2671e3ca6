import fc from "fast-check";
import type { FoldKind } from "@tenon/plan";
import { expect, test } from "vitest";
import { reduce } from "./reduce.js";
import { folds } from "../../testing/folds.js";
import { kernelRun } from "../../testing/runKernel.js";

const sizes = fc
  .array(fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 16, 18, 33, 70), { minLength: 1, maxLength: 4 })
  .filter((shape) => shape.reduce<number>((s, n) => s * n, 1) < 200_000);

/** The same fold in float64, element after element. */
function truth(
  shape: readonly number[],
  axes: readonly number[],
  kind: FoldKind,
  valueAt: (index: readonly number[]) => number,
): number[] {
  const kept = shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const result = new Array<number>(kept.reduce((s, n) => s * n, 1)).fill(
    kind === "sum" ? 0 : kind === "prod" ? 1 : kind === "max" ? -Infinity : Infinity,
  );
  const size = shape.reduce<number>((s, n) => s * n, 1);
  for (let i = 0; i < size; i++) {
    let rest = i;
    let to = 0;
    let step = 1;
    const index = new Array<number>(shape.length);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      if (!axes.includes(axis)) to += index[axis]! * step;
      step *= kept[axis]!;
    }
    const x = valueAt(index);
    const y = result[to]!;
    result[to] =
      kind === "sum"
        ? x + y
        : kind === "prod"
          ? x * y
          : kind === "max"
            ? Math.max(x, y)
            : Math.min(x, y);
  }
  return result;
}

test.each(["sum", "max", "min", "prod"] as const)(
  "%s over any axes of any shape, in any work items",
  (kind) => {
    fc.assert(
      fc.property(
        sizes.chain((shape) =>
          fc.record({
            shape: fc.constant(shape),
            axes: fc.subarray(
              shape.map((_, i) => i),
              { minLength: 1 },
            ),
            repeated: fc.nat(8),
            cut: fc.nat(7),
          }),
        ),
        ({ shape, axes, repeated, cut }) => {
          const size = shape.reduce<number>((s, n) => s * n, 1);
          const contiguous = new Array<number>(shape.length);
          const thin = new Array<number>(shape.length).fill(0);
          let step = 1;
          let small = 1;
          for (let axis = shape.length - 1; axis >= 0; axis--) {
            contiguous[axis] = step;
            step *= shape[axis]!;
            if (axis !== repeated) {
              thin[axis] = small;
              small *= shape[axis]!;
            }
          }
          const near =
            kind === "prod"
              ? (i: number): number => 1 + Math.sin(i) / 4096
              : (i: number): number => Math.sin(i * 1.7) + 0.5;
          const a = Float32Array.from({ length: size }, (_, i) => near(i));
          const b = Float32Array.from({ length: small }, (_, i) =>
            kind === "prod" ? 1 : 1 + (i % 3) / 128,
          );
          const kernel = reduce({
            shape,
            axes,
            kind,
            foldOf: folds[kind],
            inputs: [
              { strides: contiguous, offset: 0 },
              { strides: thin, offset: 0 },
            ],
            body: [
              { op: "load", input: 0, dtype: "float32" },
              { op: "load", input: 1, dtype: "float32" },
              { op: "mul", args: [0, 1], dtype: "float32" },
            ],
            outputs: [2],
          });
          const want = truth(shape, axes, kind, (index) =>
            Math.fround(
              a[index.reduce((s, n, i) => s + n * contiguous[i]!, 0)]! *
                b[index.reduce((s, n, i) => s + n * thin[i]!, 0)]!,
            ),
          );
          const { run, arrays } = kernelRun(kernel, [new Float32Array(want.length), a, b]);
          const middle = Math.min(cut, kernel.workItems);
          run([
            [middle, kernel.workItems],
            [0, middle],
          ]);
          const magnitude =
            kind === "sum" ? Math.max(1, size / Math.max(1, want.length)) ** 0.5 : 1;
          want.forEach((x, i) => {
            if (kind === "max" || kind === "min") expect(arrays[0]![i]).toBe(x);
            else
              expect(Math.abs(arrays[0]![i]! - x) / (Math.abs(x) + magnitude)).toBeLessThan(
                kind === "prod" ? 1e-6 + (size / want.length) * 2 ** -24 : 2e-6,
              );
          });
        },
      ),
      { numRuns: 200 },
    );
  },
);

test("a million elements are summed to a relative error of a millionth, along rows and columns", () => {
  const n = 1 << 20;
  const a = Float32Array.from({ length: n }, (_, i) =>
    Math.fround(((i * 2654435761) % 4294967296) / 4294967296),
  );
  for (const [shape, axes] of [
    [[n], [0]],
    [[n / 4, 4], [0]],
    [[n / 64, 64], [0]],
    [[64, n / 64], [1]],
  ] as const) {
    const kernel = reduce({
      shape,
      axes,
      kind: "sum",
      foldOf: folds.sum,
      inputs: [{ strides: shape.length === 1 ? [1] : [shape[1]!, 1], offset: 0 }],
      body: [{ op: "load", input: 0, dtype: "float32" }],
      outputs: [0],
    });
    const want = truth(
      shape,
      axes,
      "sum",
      (index) => a[shape.length === 1 ? index[0]! : index[0]! * shape[1]! + index[1]!]!,
    );
    const { run, arrays } = kernelRun(kernel, [new Float32Array(want.length), a]);
    run();
    want.forEach((x, i) => expect(Math.abs(arrays[0]![i]! / x - 1)).toBeLessThan(1e-6));
  }
});

test("integers, NaN", () => {
  const kernel = reduce({
    shape: [5],
    axes: [0],
    kind: "sum",
    foldOf: folds.sum,
    inputs: [{ strides: [1], offset: 0 }],
    body: [{ op: "load", input: 0, dtype: "int32" }],
    outputs: [0],
  });
  const { run, arrays } = kernelRun(kernel, [new Int32Array(1), Int32Array.of(1, 2, 3, 4, -20)]);
  run();
  expect(arrays[0]![0]).toBe(-10);
  const top = reduce({
    shape: [5],
    axes: [0],
    kind: "max",
    foldOf: folds.max,
    inputs: [{ strides: [1], offset: 0 }],
    body: [{ op: "load", input: 0, dtype: "float32" }],
    outputs: [0],
  });
  const second = kernelRun(top, [new Float32Array(1), Float32Array.of(1, NaN, 3, 4, 5)]);
  second.run();
  expect(second.arrays[0]![0]).toBeNaN();
});
