import { moduleBuilder } from "@tenon/emit";
import type { PoolSpec } from "@tenon/plan";
import { type Pool2dAttrs, windows } from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  close,
  randomValues,
  outputShape,
  sizeOf,
  specOf,
  visit,
  type Sizes,
} from "../../../testing/convOracle.js";
import { unpoolConv2dFilterPays, unpoolConv2dFits, unpoolConv2dInputPays } from "./unpooledConv.js";
import { outputOfStages } from "../../../testing/run.js";
import { unpoolConv2dFilter } from "./unpoolConv2dFilter.js";
import { unpoolConv2dInput } from "./unpoolConv2dInput.js";

type Given = Sizes & { window: [number, number] };

function check({ window, ...given }: Given): void {
  const spec = specOf(given);
  const shape = outputShape(spec) as [number, number, number, number];
  const [n, h, w, o] = shape;
  const attrs: Pool2dAttrs = {
    window,
    strides: window,
    padding: [
      [0, 0],
      [0, 0],
    ],
    image: [h, w],
  };
  const pool: PoolSpec = { x: shape, attrs };
  expect(unpoolConv2dFits(spec, pool)).toBe(true);
  const [rows, columns] = [Math.floor(h / window[0]), Math.floor(w / window[1])];
  const count = n * rows * columns * o;
  // Some zeros, few or many, as a ReLU or dropout leaves them.
  const smallest = o % 2 === 0 ? 0.1 : 0.6;
  const g = randomValues(count, 1).map((value) => (Math.abs(value) < smallest ? 0 : value));
  const pick = randomValues(count, 2);
  const indices = new Int32Array(count);
  const unpooled = new Float32Array(sizeOf(shape));
  for (let k = 0; k < count; k++) {
    const [b, i, j, q] = [
      Math.floor(k / (rows * columns * o)),
      Math.floor(k / (columns * o)) % rows,
      Math.floor(k / o) % columns,
      k % o,
    ];
    const cell = Math.floor(((pick[k]! + 1) / 2) * window[0] * window[1]);
    indices[k] =
      (i * window[0] + Math.floor(cell / window[1])) * w + j * window[1] + (cell % window[1]);
    unpooled[(b * h * w + indices[k]) * o + q] = g[k]!;
  }
  // Margins of zeros, as images have them.
  const [, height, width, c] = spec.x as [number, number, number, number];
  const x = randomValues(sizeOf(spec.x), 3).map((value, i) =>
    Math.floor(i / (width * c)) % height < height / 3 ? 0 : value,
  );
  const weights = randomValues(sizeOf(spec.w), 4);
  close(
    "unpoolConv2dInput",
    spec,
    outputOfStages(unpoolConv2dInput(spec, pool), x.length, [g, indices, weights]),
    (add) => visit(spec, shape, (xi, wi, yi) => add(xi, unpooled[yi]! * weights[wi]!)),
  );
  close(
    "unpoolConv2dFilter",
    spec,
    outputOfStages(unpoolConv2dFilter(spec, pool), weights.length, [x, g, indices]),
    (add) => visit(spec, shape, (xi, wi, yi) => add(wi, x[xi]! * unpooled[yi]!)),
  );
}

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
const pair = <T>(size: fc.Arbitrary<T>): fc.Arbitrary<[T, T]> => fc.tuple(size, size);
const given: fc.Arbitrary<Given> = fc
  .record({
    n: upTo(4),
    h: upTo(10),
    w: upTo(10),
    c: upTo(11),
    o: upTo(38),
    kernel: pair(upTo(4)),
    strides: pair(upTo(3)),
    padding: pair(pair(upTo(3, 0))),
    window: pair(upTo(3)),
  })
  .filter(({ h, w, kernel, strides, padding, window }) =>
    windows([h, w], kernel, { strides, padding }).every((size, d) => size >= window[d]!),
  );

test("agree with sums in float64 for any image, kernel, strides, padding and window, whatever the cut", () => {
  fc.assert(fc.property(given, check), { numRuns: 150 });
});

test.each<[string, Given]>([
  ["a first layer", { n: 5, h: 28, w: 28, c: 1, o: 32, kernel: [3, 3], window: [2, 2] }],
  ["5×5 taps", { n: 9, h: 24, w: 26, c: 1, o: 10, kernel: [5, 5], window: [2, 2] }],
  ["rows of 9 taps", { n: 2, h: 12, w: 9, c: 3, o: 18, kernel: [3, 3], window: [2, 2] }],
  ["5×5 taps of many images", { n: 3, h: 90, w: 92, c: 1, o: 9, kernel: [5, 5], window: [2, 3] }],
  ["a second layer", { n: 3, h: 13, w: 13, c: 32, o: 64, kernel: [3, 3], window: [2, 2] }],
  [
    "runs longer than all registers",
    {
      n: 2,
      h: 6,
      w: 6,
      c: 70,
      o: 9,
      kernel: [3, 3],
      padding: [
        [1, 1],
        [1, 1],
      ],
      window: [2, 2],
    },
  ],
  [
    "few images of many windows",
    { n: 2, h: 42, w: 40, c: 16, o: 52, kernel: [3, 3], window: [2, 2] },
  ],
  [
    "one large image of one channel",
    {
      n: 1,
      h: 90,
      w: 60,
      c: 1,
      o: 30,
      kernel: [3, 3],
      padding: [
        [1, 1],
        [1, 1],
      ],
      window: [2, 2],
    },
  ],
  [
    "channels in blocks",
    {
      n: 2,
      h: 7,
      w: 6,
      c: 80,
      o: 35,
      kernel: [3, 2],
      padding: [
        [1, 1],
        [0, 1],
      ],
      window: [2, 2],
    },
  ],
  [
    "large kernels of one channel",
    {
      n: 2,
      h: 12,
      w: 12,
      c: 1,
      o: 6,
      kernel: [5, 5],
      padding: [
        [2, 2],
        [2, 2],
      ],
      window: [2, 2],
    },
  ],
  ["parts of unequal size", { n: 19, h: 6, w: 5, c: 8, o: 8, kernel: [3, 3], window: [2, 3] }],
  [
    "a large padding",
    {
      n: 1,
      h: 3,
      w: 2,
      c: 4,
      o: 5,
      kernel: [3, 3],
      padding: [
        [5, 1],
        [0, 6],
      ],
      window: [2, 2],
    },
  ],
])("%s", (_, sizes) => check(sizes));

test("NaN and infinity affect only the products that contain them", () => {
  const spec = specOf({ n: 1, h: 4, w: 4, c: 4, o: 4, kernel: [1, 1] });
  const pool: PoolSpec = {
    x: [1, 4, 4, 4],
    attrs: {
      window: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
      image: [4, 4],
    },
  };
  // Of output 1, the argmax of the second window is its last cell, index 7.
  const g = new Float32Array(16).fill(1);
  const indices = Int32Array.from({ length: 16 }, (_, k) => [0, 2, 8, 10][k >> 2]!);
  g[5] = NaN;
  indices[5] = 7;
  const dx = outputOfStages(unpoolConv2dInput(spec, pool), 64, [g, indices, randomValues(16, 1)]);
  expect([...dx].flatMap((value, i) => (Number.isNaN(value) ? [i] : []))).toEqual([28, 29, 30, 31]);
  // Also where it meets zeros: all taps of output 1.
  const large = specOf({ n: 1, h: 8, w: 8, c: 1, o: 4, kernel: [5, 5] });
  for (const [of, taps] of [
    [spec, 4],
    [large, 25],
  ] as const)
    for (const x of [randomValues(64, 2), new Float32Array(64)])
      expect(
        [...outputOfStages(unpoolConv2dFilter(of, pool), 4 * taps, [x, g, indices])].flatMap(
          (value, i) => (Number.isNaN(value) ? [i] : []),
        ),
      ).toEqual(Array.from({ length: taps }, (_, tap) => 4 * tap + 1));
});

test("refuse shapes that they cannot compute", () => {
  const pool = (x: number[], window: [number, number], strides = window): PoolSpec => ({
    x,
    attrs: {
      window,
      strides,
      padding: [
        [0, 0],
        [0, 0],
      ],
      image: [x[1]!, x[2]!],
    },
  });
  const spec = specOf({ n: 2, h: 8, w: 8, c: 8, o: 8, kernel: [3, 3] });
  const plain = specOf({ n: 2, h: 8, w: 8, c: 8, o: 8, kernel: [2, 3] });
  for (const pays of [unpoolConv2dFilterPays, unpoolConv2dInputPays])
    expect(pays(plain, pool([2, 7, 6, 8], [1, 2]))).toBe(true);
  // Winograd saves as much of an image of whole tiles, less of others.
  expect(
    unpoolConv2dFilterPays(
      specOf({ n: 2, h: 10, w: 10, c: 8, o: 8, kernel: [3, 3] }),
      pool([2, 8, 8, 8], [2, 2]),
    ),
  ).toBe(false);
  expect(
    unpoolConv2dFilterPays(
      specOf({ n: 2, h: 9, w: 9, c: 8, o: 8, kernel: [3, 3] }),
      pool([2, 7, 7, 8], [2, 2]),
    ),
  ).toBe(true);
  expect(
    unpoolConv2dFilterPays(
      specOf({ n: 2, h: 9, w: 9, c: 8, o: 8, kernel: [3, 3] }),
      pool([2, 7, 7, 8], [1, 2]),
    ),
  ).toBe(false);
  expect(
    unpoolConv2dInputPays(
      specOf({ n: 2, h: 9, w: 9, c: 8, o: 8, kernel: [3, 3] }),
      pool([2, 7, 7, 8], [2, 2]),
    ),
  ).toBe(false);
  expect(
    unpoolConv2dInputPays(
      specOf({ n: 2, h: 9, w: 9, c: 16, o: 8, kernel: [3, 3] }),
      pool([2, 7, 7, 8], [2, 2]),
    ),
  ).toBe(true);
  expect(
    unpoolConv2dInputPays(
      specOf({ n: 2, h: 8, w: 8, c: 16, o: 8, kernel: [1, 1] }),
      pool([2, 8, 8, 8], [2, 2]),
    ),
  ).toBe(false); // few products for each element
  expect(unpoolConv2dFits(spec, pool([2, 6, 6, 8], [2, 2], [1, 1]))).toBe(false);
  expect(unpoolConv2dFits(spec, pool([2, 5, 6, 8], [2, 2]))).toBe(false);
  expect(
    unpoolConv2dFits(
      specOf({ n: 2, h: 8, w: 8, c: 4, o: 4, kernel: [3, 3], groups: 2 }),
      pool([2, 6, 6, 8], [2, 2]),
    ),
  ).toBe(false);
  expect(
    unpoolConv2dFits(
      specOf({ n: 2, h: 8, w: 8, c: 8, o: 8, kernel: [3, 3], dilation: [1, 2] }),
      pool([2, 6, 4, 8], [2, 2]),
    ),
  ).toBe(false);
});

test("code stays short, however large the patches are", () => {
  const spec = specOf({ n: 1, h: 400, w: 400, c: 1, o: 4, kernel: [3, 3], strides: [90, 90] });
  const x = outputShape(spec) as [number, number, number, number];
  const pool: PoolSpec = {
    x,
    attrs: {
      window: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
      image: [x[1], x[2]],
    },
  };
  const module = moduleBuilder();
  unpoolConv2dFilter(spec, pool).stages.forEach(({ kernel }) => kernel.emit(module));
  expect(module.toBytes().length).toBeLessThan(16 * 1024);
});
