import type { ConvSpec } from "@tenon/plan";
import { windows } from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { depthwise, depthwiseFits, depthwiseInput } from "./depthwise.js";
import { depthwiseFilter } from "./depthwiseFilter.js";
import {
  close,
  randomValues,
  outputShape,
  sizeOf,
  specOf,
  visit,
  type Sizes,
} from "../../../testing/convOracle.js";
import { outputsOf, outputOfStages } from "../../../testing/run.js";

function check(spec: ConvSpec): void {
  expect(depthwiseFits(spec)).toBe(true);
  const shape = outputShape(spec);
  const x = randomValues(sizeOf(spec.x), 1);
  const w = randomValues(sizeOf(spec.w), 2);
  const g = randomValues(sizeOf(shape), 3);
  const [y] = outputsOf(depthwise(spec), [g.length], [x, w]);
  close("depthwise", spec, y!, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(yi, x[xi]! * w[wi]!)),
  );
  const [dx] = outputsOf(depthwiseInput(spec), [x.length], [g, w]);
  close("depthwiseInput", spec, dx!, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(xi, g[yi]! * w[wi]!)),
  );
  const dw = outputOfStages(depthwiseFilter(spec), w.length, [x, g]);
  close("depthwiseFilter", spec, dw, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(wi, x[xi]! * g[yi]!)),
  );
}

const few = fc.integer({ min: 1, max: 3 });
const side = fc.integer({ min: 0, max: 4 });
const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    n: fc.integer({ min: 0, max: 3 }),
    h: fc.integer({ min: 1, max: 9 }),
    w: fc.integer({ min: 1, max: 24 }),
    c: fc.constant(1),
    o: fc.constant(1),
    groups: fc.integer({ min: 2, max: 21 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 7 })),
    strides: fc.tuple(few, few),
    padding: fc.tuple(fc.tuple(side, side), fc.tuple(side, side)),
    dilation: fc.tuple(few, few),
  })
  .filter((given) => windows([given.h, given.w], given.kernel, given).every((count) => count >= 1));

test("agrees with sums in float64 for any kernel, strides, padding, dilation and channels, however it is divided", () => {
  fc.assert(
    fc.property(sizes, (given) => check(specOf(given))),
    { numRuns: 300 },
  );
});

const same = (n: number): [[number, number], [number, number]] => [
  [n, n],
  [n, n],
];
test.each<[string, Omit<Sizes, "c" | "o">]>([
  [
    "a single cell of two channels",
    { n: 1, h: 1, w: 1, groups: 2, kernel: [3, 3], padding: same(1) },
  ],
  [
    "rows of several tiles, and channels that fill no vector",
    { n: 3, h: 5, w: 61, groups: 19, kernel: [3, 3], padding: same(1) },
  ],
  [
    "a block of channels and one vector",
    { n: 2, h: 7, w: 7, groups: 20, kernel: [3, 3], padding: same(1) },
  ],
  [
    "a block of channels and two more channels",
    { n: 2, h: 7, w: 7, groups: 18, kernel: [3, 3], padding: same(1) },
  ],
  ["parts of unequal size", { n: 21, h: 4, w: 5, groups: 33, kernel: [3, 3], padding: same(1) }],
  [
    "more weights than are resident at a time",
    { n: 2, h: 13, w: 19, groups: 9, kernel: [7, 11], padding: same(5) },
  ],
  ["a kernel as wide as the image", { n: 2, h: 3, w: 23, groups: 6, kernel: [1, 23] }],
  [
    "strides wider than the kernel, so that some cells are never read",
    { n: 2, h: 20, w: 31, groups: 5, kernel: [2, 2], strides: [3, 9] },
  ],
  [
    "strides that have a common divisor with the dilation",
    {
      n: 2,
      h: 17,
      w: 30,
      groups: 8,
      kernel: [3, 4],
      strides: [4, 6],
      dilation: [6, 4],
      padding: same(9),
    },
  ],
  [
    "a dilation wider than a tile",
    { n: 1, h: 9, w: 40, groups: 4, kernel: [3, 3], dilation: [3, 12], padding: same(12) },
  ],
  [
    "a padding wider than the image",
    {
      n: 1,
      h: 2,
      w: 1,
      groups: 7,
      kernel: [3, 3],
      padding: [
        [5, 4],
        [3, 6],
      ],
      strides: [2, 3],
    },
  ],
  [
    "images that do not fit into the cache",
    { n: 3, h: 67, w: 64, groups: 40, kernel: [3, 3], padding: same(1), strides: [1, 2] },
  ],
])("%s", (_, given) => check(specOf({ ...given, c: 1, o: 1 })));

test("the shapes that it does not fit", () => {
  const spec = { h: 9, w: 9, c: 1, o: 1, groups: 8, kernel: [3, 3] as [number, number] };
  expect(depthwiseFits(specOf(spec))).toBe(true);
  expect(depthwiseFits(specOf({ ...spec, o: 2 }))).toBe(false);
  expect(depthwiseFits(specOf({ ...spec, c: 2 }))).toBe(false);
  expect(depthwiseFits(specOf({ ...spec, groups: 1 }))).toBe(false);
  // No two of 400 columns have equal accesses.
  expect(
    depthwiseFits(
      specOf({
        ...spec,
        w: 400,
        kernel: [1, 301],
        padding: [
          [0, 0],
          [150, 150],
        ],
      }),
    ),
  ).toBe(false);
});
