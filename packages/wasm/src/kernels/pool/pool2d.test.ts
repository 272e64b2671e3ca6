import { isExactCover, isNonOverlapping, type PoolSpec } from "@tenon/plan";
import {
  argMaxPool2d as argMaxOf,
  maxPool2d as maxOf,
  type Pool2dAttrs,
  sizeOf,
  stridesOf,
  tensor,
  windows,
} from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { outputsOf } from "../../testing/run.js";
import type { BodyNode, Loop, LoopInput } from "../loop/loop.js";
import { maxPool2d } from "./maxPool2d.js";
import { sumPool2d, sumPool2dInput } from "./sumPool2d.js";
import { unpool2d } from "./unpool2d.js";

/** Few different values, so that ties are common, and some NaN. */
function testValues(count: number, seed: number, nan = 0): Float32Array {
  let state = seed * 2654435761 + 1;
  const next = (): number =>
    ((state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 8) / 2 ** 24;
  return Float32Array.from({ length: count }, () =>
    next() < nan ? NaN : Math.floor(next() * 9) - 4,
  );
}
const integers = (x: Float32Array): number[] => [
  ...new Int32Array(x.buffer, x.byteOffset, x.length),
];
const asFloats = (x: readonly number[]): Float32Array =>
  new Float32Array(Int32Array.from(x).buffer);

/** Every cell under every window, straight from the definition. */
function visit(
  { x: [n, h, w, c], attrs: { window, strides, padding } }: PoolSpec,
  [, oh, ow]: readonly number[],
  cell: (y: number, x: number, position: number) => void,
): void {
  for (let b = 0; b < n!; b++)
    for (let i = 0; i < oh!; i++)
      for (let j = 0; j < ow!; j++)
        for (let ki = 0; ki < window[0]; ki++)
          for (let kj = 0; kj < window[1]; kj++) {
            const row = i * strides[0] + ki - padding[0][0];
            const column = j * strides[1] + kj - padding[1][0];
            if (row < 0 || row >= h! || column < 0 || column >= w!) continue;
            for (let q = 0; q < c!; q++)
              cell(
                ((b * oh! + i) * ow! + j) * c! + q,
                ((b * h! + row) * w! + column) * c! + q,
                row * w! + column,
              );
          }
}

function check(spec: PoolSpec): void {
  const shape = [
    spec.x[0]!,
    ...windows(spec.attrs.image, spec.attrs.window, spec.attrs),
    spec.x[3]!,
  ];
  const x = testValues(sizeOf(spec.x), 1, 0.05);
  const plain = testValues(sizeOf(spec.x), 2);
  const count = sizeOf(shape);
  const g = testValues(count, 3);

  const best = new Float64Array(count);
  const where = new Array<number>(count).fill(-1);
  const sums = new Float64Array(count);
  const summed = new Float64Array(x.length);
  const unpooled = new Float64Array(x.length);
  visit(spec, shape, (y, cell, position) => {
    if (
      where[y] === -1 ||
      (!Number.isNaN(best[y]!) && (Number.isNaN(x[cell]!) || x[cell]! > best[y]!))
    ) {
      best[y] = x[cell]!;
      where[y] = position;
    }
    sums[y]! += plain[cell]!;
    summed[cell]! += g[y]!;
  });
  visit(spec, shape, (y, cell, position) => {
    if (where[y] === position) unpooled[cell]! += g[y]!;
  });

  const [values, indices] = outputsOf(maxPool2d(spec), [count, count], [x]);
  expect([...values!]).toEqual([...best]);
  expect(integers(indices!)).toEqual(where);
  expect([...outputsOf(maxPool2d(spec, { indices: false }), [count], [x])[0]!]).toEqual([...best]);
  expect(integers(outputsOf(maxPool2d(spec, { values: false }), [count], [x])[0]!)).toEqual(where);
  // Another image, gathered at the argmax indices.
  const cell: LoopInput = { strides: stridesOf(spec.x), offset: 0 };
  const channel: LoopInput = { strides: [0, 0, 0, 1], offset: 0 };
  const load = (input: number): BodyNode => ({ op: "load", input, dtype: "float32" });
  const along = new Float64Array(count);
  visit(spec, shape, (y, cell, position) => {
    if (where[y] === position) along[y] = plain[cell]!;
  });
  const both: Loop = {
    shape: spec.x,
    inputs: [cell, cell],
    body: [load(0), load(1)],
    outputs: [0, 1],
  };
  const [largest, gathered] = outputsOf(
    maxPool2d(spec, { prologue: both, indices: false }),
    [count, count],
    [x, plain],
  );
  expect([[...largest!], [...gathered!]]).toEqual([[...best], [...along]]);
  // Sums of small integers are exact.
  expect([...outputsOf(sumPool2d(spec), [count], [plain])[0]!]).toEqual([...sums]);
  expect([...outputsOf(sumPool2dInput(spec), [x.length], [g])[0]!].map((v) => v + 0)).toEqual(
    [...summed].map((v) => v + 0),
  );
  if (isNonOverlapping(spec))
    expect(
      [...outputsOf(unpool2d(spec), [x.length], [g, asFloats(where)])[0]!].map((v) => v + 0),
    ).toEqual([...unpooled].map((v) => v + 0));
  if (!isExactCover(spec)) return;
  // An epilogue that computes plain + unpooled · factor, also outside all windows.
  const factors = testValues(spec.x[3]!, 4);
  const product: BodyNode = { op: "mul", args: [1, 2], dtype: "float32" };
  const sum: BodyNode = { op: "add", args: [0, 3], dtype: "float32" };
  const loop: Loop = {
    shape: spec.x,
    inputs: [cell, cell, channel],
    body: [load(0), load(1), load(2), product, sum],
    outputs: [4],
  };
  const withEpilogue = outputsOf(
    unpool2d(spec, { loop, input: 1 }),
    [x.length],
    [g, asFloats(where), plain, factors],
  )[0]!;
  expect([...withEpilogue].map((v) => v + 0)).toEqual(
    [...unpooled].map((v, i) => plain[i]! + v * factors[i % factors.length]! + 0),
  );
}

function specOf(
  x: number[],
  window: [number, number],
  strides: [number, number] = window,
  padding: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ],
): PoolSpec {
  const attrs: Pool2dAttrs = { window, strides, padding, image: [x[1]!, x[2]!] };
  return { x, attrs };
}

const few = fc.integer({ min: 1, max: 4 });
const specs = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 0, max: 10 }),
    few,
    few,
    few,
    few,
    fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
  )
  // Padding is less than the window, as the operation itself demands.
  .map(([n, h, w, c, kh, kw, sh, sw, pads]) =>
    specOf(
      [n, h, w, c],
      [kh, kw],
      [sh, sw],
      [
        [pads[0]! % kh, pads[1]! % kh],
        [pads[2]! % kw, pads[3]! % kw],
      ],
    ),
  )
  .filter(({ attrs }) => windows(attrs.image, attrs.window, attrs).every((count) => count >= 1));

test("pools and their adjoints agree with their definitions for any window, strides and padding, whatever the cut", () => {
  fc.assert(
    fc.property(specs, (spec) => check(spec)),
    { numRuns: 300 },
  );
});

test.each<[string, PoolSpec]>([
  ["the usual pool", specOf([3, 26, 26, 32], [2, 2])],
  ["a row and a column left over", specOf([3, 11, 11, 64], [2, 2])],
  [
    "overlapping and padded",
    specOf(
      [2, 12, 12, 6],
      [3, 3],
      [2, 2],
      [
        [1, 1],
        [1, 1],
      ],
    ),
  ],
  ["all of an image", specOf([2, 7, 7, 20], [7, 7])],
])("%s", (_, spec) => check(spec));

test("agrees with the reference engine, ties and NaN included", () => {
  const spec = specOf(
    [2, 7, 6, 5],
    [3, 2],
    [2, 2],
    [
      [1, 0],
      [0, 1],
    ],
  );
  const data = testValues(sizeOf(spec.x), 7, 0.05);
  const x = tensor(data, spec.x);
  const options = { strides: spec.attrs.strides, padding: spec.attrs.padding };
  const expected = maxOf(x, spec.attrs.window, options);
  const [values, indices] = outputsOf(
    maxPool2d(spec),
    [sizeOf(expected.shape), sizeOf(expected.shape)],
    [data],
  );
  expect([...values!]).toEqual([...expected.data()]);
  expect(integers(indices!)).toEqual([...argMaxOf(x, spec.attrs.window, options).data()]);
});

test("overlapping windows have no simple adjoint", () => {
  expect(() => unpool2d(specOf([1, 5, 5, 4], [3, 3], [2, 3]))).toThrow(
    "wasm: expected windows that do not overlap, got 1x5x5x4/3x3/2x3",
  );
});
