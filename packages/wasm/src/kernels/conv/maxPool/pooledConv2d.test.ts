import type { PoolSpec, ConvSpec } from "@tenon/plan";
import { type Pool2dAttrs, windows } from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { conv2d } from "../im2col/conv2d.js";
import {
  randomValues,
  outputShape,
  sizeOf,
  specOf,
  type Sizes,
} from "../../../testing/convOracle.js";
import { outputsOf } from "../../../testing/run.js";
import type { Loop } from "../../loop/loop.js";
import { maxPool2d } from "../../pool/maxPool2d.js";
import { pooledConv2d, pooledConv2dFits } from "./pooledConv2d.js";

type Given = Sizes & { window: [number, number]; strides2?: [number, number] };
const bits = (x: Float32Array): Uint32Array => new Uint32Array(x.buffer, x.byteOffset, x.length);

function specsOf({ window, strides2 = window, ...given }: Given): {
  conv: ConvSpec;
  pool: PoolSpec;
  prologue: Loop;
} {
  const conv = specOf(given);
  const x = outputShape(conv) as [number, number, number, number];
  const attrs: Pool2dAttrs = {
    window,
    strides: strides2,
    padding: [
      [0, 0],
      [0, 0],
    ],
    image: [x[1], x[2]],
  };
  // relu(convolution + bias), and a factor of the image's shape, gathered.
  const contiguous = [x[1] * x[2] * x[3], x[2] * x[3], x[3], 1];
  const prologue: Loop = {
    shape: x,
    inputs: [
      { strides: [0, 0, 0, 1], offset: 0 },
      { strides: contiguous, offset: 0 },
      { strides: contiguous, offset: 0 },
    ],
    body: [
      { op: "load", input: 1, dtype: "float32" },
      { op: "load", input: 0, dtype: "float32" },
      { op: "add", args: [0, 1], dtype: "float32" },
      { op: "relu", args: [2], dtype: "float32" },
      { op: "load", input: 2, dtype: "float32" },
      { op: "mul", args: [0, 4], dtype: "float32" },
    ],
    outputs: [3, 5],
  };
  return { conv, pool: { x, attrs }, prologue };
}

/** Against the convolution and the pool, one after the other: the same bits. */
function check(given: Given, x: Float32Array, change = (w: Float32Array): Float32Array => w): void {
  const { conv, pool, prologue } = specsOf(given);
  const [kh, kw, c, o] = conv.w as [number, number, number, number];
  const w = change(randomValues(kh * kw * c * o, 2));
  const bias = randomValues(o, 3);
  const factor = randomValues(sizeOf(pool.x), 4);
  const count = sizeOf([
    pool.x[0]!,
    ...windows(pool.attrs.image, pool.attrs.window, pool.attrs),
    o,
  ]);
  const three = [count, count, count];
  const y = outputsOf(conv2d(conv), [sizeOf(pool.x)], [x, w])[0]!;
  const expected = outputsOf(maxPool2d(pool, { prologue }), three, [bias, y, factor]);
  const actual = outputsOf(pooledConv2d(conv, pool, { prologue }, 1), three, [bias, factor, x, w]);
  expect(actual.map(bits)).toEqual(expected.map(bits));
}

/** Images with margins of zeros, and spots of them. */
function image({ n = 2, h, w, c }: Given, share: number): Float32Array {
  const pick = randomValues(n * h * w * c, 5);
  return randomValues(n * h * w * c, 1).map((value, i) => {
    const row = Math.floor(i / (w * c)) % h;
    return row < h / 3 || pick[i]! > share ? (i % 2 ? -0 : 0) : value;
  });
}

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
const pair = <T>(size: fc.Arbitrary<T>): fc.Arbitrary<[T, T]> => fc.tuple(size, size);
const given: fc.Arbitrary<Given> = fc
  .record({
    n: upTo(3),
    h: upTo(12),
    w: upTo(12),
    c: upTo(2),
    o: upTo(9).map((q) => 4 * q),
    kernel: pair(upTo(3)),
    strides: pair(upTo(2)),
    padding: pair(pair(upTo(2, 0))),
    dilation: pair(upTo(2)),
    window: fc.constantFrom<[number, number][]>([1, 1], [2, 2], [1, 3], [2, 3], [4, 2], [1, 2]),
    strides2: pair(upTo(3)),
  })
  .filter((sizes) =>
    windows([sizes.h, sizes.w], sizes.kernel, {
      strides: sizes.strides,
      padding: sizes.padding,
      dilation: sizes.dilation,
    }).every((size, d) => size >= sizes.window[d]!),
  );

test("has the bits of a convolution and a pool, whatever the sizes and the cut, zeros or not", () => {
  fc.assert(
    fc.property(given, fc.constantFrom(-1, 0, 1), (sizes, share) =>
      check(sizes, image(sizes, share)),
    ),
    { numRuns: 100 },
  );
});

test.each<[string, Given]>([
  ["a first layer", { n: 3, h: 28, w: 28, c: 1, o: 32, kernel: [3, 3], window: [2, 2] }],
  [
    "large kernels, padded",
    {
      n: 2,
      h: 14,
      w: 14,
      c: 1,
      o: 12,
      kernel: [5, 5],
      padding: [
        [2, 2],
        [2, 2],
      ],
      window: [2, 2],
    },
  ],
  ["three channels", { n: 2, h: 9, w: 9, c: 3, o: 16, kernel: [3, 3], window: [2, 2] }],
])("has them: %s", (_, sizes) => check(sizes, image(sizes, 0.5)));

test("the input patch of a window includes the reach of a dilated kernel", () => {
  const sizes: Given = {
    n: 1,
    h: 9,
    w: 9,
    c: 1,
    o: 8,
    kernel: [3, 3],
    dilation: [2, 2],
    window: [2, 2],
  };
  check(
    sizes,
    Float32Array.from({ length: 81 }, (_, i) => (i === 4 * 9 + 4 ? 1 : 0)),
  );
});

test("weights that are not finite reach windows whose patch is zero", () => {
  const sizes: Given = { n: 1, h: 6, w: 6, c: 1, o: 8, kernel: [3, 3], window: [2, 2] };
  for (const value of [NaN, Infinity])
    check(sizes, new Float32Array(36), (w) => w.map((each, i) => (i === 13 ? value : each)));
});

test("refuses shapes that it cannot compute", () => {
  const fits = (sizes: Given): boolean => {
    const { conv, pool } = specsOf(sizes);
    return pooledConv2dFits(conv, pool);
  };
  const sizes: Given = { n: 1, h: 12, w: 12, c: 1, o: 8, kernel: [3, 3], window: [2, 2] };
  expect(fits(sizes)).toBe(true);
  expect(fits({ ...sizes, kernel: [5, 5] })).toBe(true);
  expect(fits({ ...sizes, c: 3 })).toBe(true);
  expect(fits({ ...sizes, c: 4 })).toBe(false); // 36 taps
  expect(fits({ ...sizes, o: 6 })).toBe(false);
  expect(fits({ ...sizes, window: [3, 3] })).toBe(false);
  // cells of two windows would be computed twice
  expect(fits({ ...sizes, strides2: [2, 1] })).toBe(false);
  for (const [o, window] of [
    [20, [2, 2]],
    [32, [1, 1]],
    [8, [1, 2]],
    [32, [2, 4]],
  ] as const)
    // too few sums for what is loaded, or too many
    expect(fits({ ...sizes, o, window: [...window] })).toBe(false);
  expect(fits({ ...sizes, h: 40, w: 40, dilation: [2, 2] })).toBe(true);
  // a window's patch is a small part of the image rows under it
  expect(fits({ ...sizes, h: 40, w: 40, dilation: [9, 9] })).toBe(false);
  expect(fits({ ...sizes, h: 40, w: 40, strides: [9, 9] })).toBe(false);
  expect(fits({ ...sizes, groups: 2 })).toBe(false);
});
