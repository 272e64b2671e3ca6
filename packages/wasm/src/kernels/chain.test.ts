import { portable } from "@tenon/emit";
import type { PoolSpec } from "@tenon/plan";
import { sizeOf, stridesOf } from "@tenon/tensor";
import { expect, test } from "vitest";
import { chain, imagesPerTile, type ChainLink } from "./chain.js";
import { conv2d } from "./conv/im2col/conv2d.js";
import { conv2dFilter } from "./conv/im2col/conv2dFilter.js";
import { outputsOf } from "../testing/run.js";
import { loopByImages } from "./loop/byImages.js";
import { elementwise } from "./loop/elementwise.js";
import type { Kernel } from "./kernel.js";
import type { Loop } from "./loop/loop.js";
import { maxPool2d } from "./pool/maxPool2d.js";
import { unpool2d } from "./pool/unpool2d.js";
import { winograd } from "./conv/winograd/winograd.js";
import { winogradBack } from "./conv/winograd/winogradBack.js";
import { kernelRun, type Words } from "../testing/runKernel.js";

const values = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7 + seed));

/** An array between two kernels: which pointer of each it is, and how long an image of it is. */
interface ChainedArray {
  from: number;
  to: number;
  imageBytes: number;
}

const linksOf = (a: Kernel, b: Kernel, { from, to }: ChainedArray): ChainLink[] => [
  { kernel: a, pointer: from },
  { kernel: b, pointer: to },
];
const chainOf = (a: Kernel, b: Kernel, array: ChainedArray): Kernel =>
  chain(linksOf(a, b, array), array.imageBytes, tileOf(a, b, array)!);
const tileOf = (a: Kernel, b: Kernel, array: ChainedArray): number | undefined =>
  imagesPerTile(linksOf(a, b, array), array.imageBytes);

/**
 * The outputs of two kernels, one after the other, and of the two chained. `outputs`: lengths of
 * those of the second.
 */
function bothWays(
  a: Kernel,
  b: Kernel,
  array: ChainedArray,
  length: number,
  outputs: readonly number[],
  inputsOfA: readonly Words[],
  inputsOfB: readonly Words[],
): [Float32Array[], Float32Array[]] {
  const between = kernelRun(a, [new Float32Array(length), ...inputsOfA], portable);
  between.run();
  const others = [...inputsOfB];
  others.splice(array.to - outputs.length, 0, between.arrays[0]!.slice());
  return [
    outputsOf(b, outputs, others),
    outputsOf(chainOf(a, b, array), outputs, [...inputsOfB, ...inputsOfA]),
  ];
}

function convSpec(n: number, size: number, c: number, o: number) {
  return {
    x: [n, size, size, c],
    w: [3, 3, c, o],
    attrs: {
      strides: [1, 1],
      dilation: [1, 1],
      groups: 1,
      image: [size, size],
      kernel: [3, 3],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  } as const;
}

test.each([
  [1, 9],
  [5, 10],
  [17, 9],
])("%i images of a convolution, pooled", (n, size) => {
  const spec = convSpec(n, size, 3, 6);
  const image: PoolSpec = {
    x: [n, size - 2, size - 2, 6],
    attrs: {
      window: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
      image: [size - 2, size - 2],
    },
  };
  const [a, b] = [conv2d(spec), maxPool2d(image)];
  const count = n * Math.floor((size - 2) / 2) ** 2 * 6;
  const [separate, chained] = bothWays(
    a,
    b,
    { from: 0, to: 2, imageBytes: 4 * sizeOf(image.x.slice(1)) },
    sizeOf(image.x),
    [count, count],
    [values(sizeOf(spec.x), 1), values(sizeOf(spec.w), 2)],
    [],
  );
  expect(chained).toEqual(separate);
});

test("images of Winograd's convolution, in groups, with a bias that the pool adds", () => {
  const n = 37;
  const spec = convSpec(n, 11, 8, 16);
  const x = [n, 9, 9, 16];
  const prologue: Loop = {
    shape: x,
    inputs: [
      { strides: stridesOf(x), offset: 0 },
      { strides: [0, 0, 0, 1], offset: 0 },
    ],
    outputs: [2],
    body: [
      { op: "load", input: 0, dtype: "float32" },
      { op: "load", input: 1, dtype: "float32" },
      { op: "add", args: [0, 1], dtype: "float32" },
    ],
  };
  const { stages, temporaries } = winograd(spec);
  const [, last] = stages;
  const b = maxPool2d(
    {
      x,
      attrs: {
        window: [2, 2],
        strides: [2, 2],
        padding: [
          [0, 0],
          [0, 0],
        ],
        image: [9, 9],
      },
    },
    { prologue },
  );
  const transformed = kernelRun(stages[0]!.kernel, [
    new Float32Array(temporaries[0]! / 4),
    values(sizeOf(spec.w), 2),
  ]);
  transformed.run();
  const array = { from: 0, to: 2, imageBytes: 4 * 81 * 16 };
  expect(last!.kernel.images!.group).toBeGreaterThan(1);
  const inputs = [values(sizeOf(spec.x), 1), transformed.arrays[0]!.slice()];
  const bias = values(16, 5);
  const count = n * 16 * 16;
  // Code for 256 bits wants another layout of the transformed kernel, so the target features are
  // not compared here.
  const between = kernelRun(last!.kernel, [new Float32Array(sizeOf(x)), ...inputs]);
  between.run();
  const separate = kernelRun(b, [
    new Float32Array(count),
    new Float32Array(count),
    between.arrays[0]!.slice(),
    bias,
  ]);
  const chained = kernelRun(chainOf(last!.kernel, b, array), [
    new Float32Array(count),
    new Float32Array(count),
    bias,
    ...inputs,
  ]);
  separate.run();
  chained.run();
  chained.check();
  for (const k of [0, 1]) expect([...chained.arrays[k]!]).toEqual([...separate.arrays[k]!]);
});

test.each([
  [3, 9],
  [64, 7],
  [37, 5],
])(
  "%i images of a convolution, and a loop over them that adds a bias and multiplies",
  (n, size) => {
    const spec = convSpec(n, size, 3, 6);
    const shape = [n, size - 2, size - 2, 6];
    const count = sizeOf(shape);
    const { loop } = elementwise({
      shape,
      inputs: [
        { strides: [0, 0, 0, 1], offset: 0 },
        { strides: stridesOf(shape), offset: 0 },
        { strides: stridesOf(shape), offset: 0 },
      ],
      outputs: [4, 3],
      body: [
        { op: "load", input: 0, dtype: "float32" },
        { op: "load", input: 1, dtype: "float32" },
        { op: "load", input: 2, dtype: "float32" },
        { op: "add", args: [0, 1], dtype: "float32" },
        { op: "mul", args: [3, 2], dtype: "float32" },
      ],
    });
    const byImages = loopByImages(loop!, n, count)!;
    const array = {
      from: 0,
      to: 3,
      imageBytes: 4 * sizeOf(shape.slice(1)),
    };
    expect(tileOf(conv2d(spec), byImages, array)).toBeGreaterThanOrEqual(1);
    // the bias
    expect(tileOf(conv2d(spec), byImages, { ...array, to: 2 })).toBeUndefined();
    expect(loopByImages(loop!, n + 1, count)).toBeUndefined();
    expect(loopByImages(loop!, n, 2 * count)).toBeUndefined(); // a part of them
    const [separate, chained] = bothWays(
      conv2d(spec),
      byImages,
      array,
      count,
      [count, count],
      [values(sizeOf(spec.x), 1), values(sizeOf(spec.w), 2)],
      [values(6, 3), values(count, 4)],
    );
    expect(chained).toEqual(separate);
  },
);

test("an unpooled gradient, chained to the gradient of a convolution", () => {
  const n = 16;
  const size = 10;
  const spec = convSpec(n, size, 3, 8);
  const image = [n, 8, 8, 8];
  const windows = n * 16 * 8;
  const pool: PoolSpec = {
    x: image,
    attrs: {
      window: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
      image: [8, 8],
    },
  };
  const indices = new Float32Array(
    Int32Array.from({ length: windows }, (_, i) => {
      const window = Math.floor(i / 8) % 16;
      const row = Math.floor(window / 4);
      const column = window % 4;
      return (2 * row + (i % 2)) * 8 + 2 * column + ((i >> 1) % 2);
    }).buffer,
  );
  const { stages } = conv2dFilter(spec);
  const [{ kernel: b }] = stages as [(typeof stages)[0]];
  const [separate, chained] = bothWays(
    unpool2d(pool),
    b,
    { from: 0, to: 2, imageBytes: 4 * 8 * 8 * 8 },
    sizeOf(image),
    [(b.images!.count / b.images!.group) * 27 * 8],
    [values(windows, 3), indices],
    [values(sizeOf(spec.x), 4)],
  );
  expect(chained).toEqual(separate);
});

test("chains only kernels whose work items are images, and chunks that fit into the cache", () => {
  const spec = convSpec(4, 9, 3, 6);
  const pool = maxPool2d({
    x: [4, 7, 7, 6],
    attrs: {
      window: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
      image: [7, 7],
    },
  });
  const array = { from: 0, to: 2, imageBytes: 4 * 49 * 6 };
  expect(tileOf(conv2d(spec), pool, array)).toBe(1);
  expect(tileOf(conv2d(spec), pool, { ...array, imageBytes: 1e6 })).toBeUndefined();
  // the filter
  expect(tileOf(conv2d(spec), pool, { ...array, from: 2 })).toBeUndefined();
  expect(tileOf(conv2d(convSpec(5, 9, 3, 6)), pool, array)).toBeUndefined();
  const back = winogradBack(convSpec(64, 13, 32, 64)).stages[1]!.kernel;
  expect(back.images).toMatchObject({ count: 64, group: 8 });
});
