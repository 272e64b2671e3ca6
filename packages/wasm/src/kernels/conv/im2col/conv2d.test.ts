import type { ConvSpec } from "@tenon/plan";
import { windows } from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { conv2d } from "./conv2d.js";
import { conv2dFilter } from "./conv2dFilter.js";
import { conv2dInput } from "./conv2dInput.js";
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
  const shape = outputShape(spec);
  const x = randomValues(sizeOf(spec.x), 1);
  const w = randomValues(sizeOf(spec.w), 2);
  const g = randomValues(sizeOf(shape), 3);
  const [y] = outputsOf(conv2d(spec), [g.length], [x, w]);
  close("conv2d", spec, y!, (add) => visit(spec, shape, (xi, wi, yi) => add(yi, x[xi]! * w[wi]!)));
  const [dx] = outputsOf(conv2dInput(spec), [x.length], [g, w]);
  close("conv2dInput", spec, dx!, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(xi, g[yi]! * w[wi]!)),
  );
  const dw = outputOfStages(conv2dFilter(spec), w.length, [x, g]);
  close("conv2dFilter", spec, dw, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(wi, x[xi]! * g[yi]!)),
  );
}

const few = fc.integer({ min: 1, max: 3 });
const side = fc.integer({ min: 0, max: 3 });
const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    n: fc.integer({ min: 0, max: 3 }),
    h: fc.integer({ min: 1, max: 9 }),
    w: fc.integer({ min: 1, max: 9 }),
    c: fc.integer({ min: 1, max: 6 }),
    o: fc.integer({ min: 1, max: 13 }),
    kernel: fc.tuple(few, few),
    strides: fc.tuple(few, few),
    padding: fc.tuple(fc.tuple(side, side), fc.tuple(side, side)),
    dilation: fc.tuple(few, few),
    groups: few,
  })
  .filter((given) => windows([given.h, given.w], given.kernel, given).every((count) => count >= 1));

test("a convolution and its two gradients agree with sums in float64 for any strides, padding, dilation and groups, however it is divided", () => {
  fc.assert(
    fc.property(sizes, (given) => check(specOf(given))),
    { numRuns: 300 },
  );
});

test.each<[string, Sizes]>([
  ["a first layer", { n: 3, h: 28, w: 28, c: 1, o: 32, kernel: [3, 3] }],
  ["a second layer", { n: 3, h: 13, w: 13, c: 32, o: 64, kernel: [3, 3] }],
  ["a batch in parts of unequal size", { n: 21, h: 4, w: 5, c: 3, o: 9, kernel: [2, 2] }],
  ["single cells", { n: 2, h: 9, w: 7, c: 24, o: 40, kernel: [1, 1] }],
  ["single cells of few channels", { n: 3, h: 5, w: 7, c: 3, o: 10, kernel: [1, 1] }],
  ["single cells at stride 2", { n: 2, h: 9, w: 7, c: 5, o: 6, kernel: [1, 1], strides: [2, 2] }],
  [
    "one image of many windows",
    {
      n: 1,
      h: 40,
      w: 41,
      c: 5,
      o: 6,
      kernel: [5, 5],
      padding: [
        [2, 2],
        [2, 2],
      ],
    },
  ],
  [
    "a column matrix of many blocks",
    {
      n: 2,
      h: 24,
      w: 23,
      c: 40,
      o: 12,
      kernel: [3, 3],
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  ],
  [
    "many outputs",
    {
      n: 2,
      h: 6,
      w: 6,
      c: 7,
      o: 150,
      kernel: [3, 3],
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  ],
  [
    "groups of one channel",
    {
      n: 2,
      h: 8,
      w: 8,
      c: 1,
      o: 1,
      kernel: [3, 3],
      padding: [
        [1, 1],
        [1, 1],
      ],
      groups: 10,
    },
  ],
  [
    "a padding wider than the image",
    {
      n: 1,
      h: 2,
      w: 1,
      c: 3,
      o: 4,
      kernel: [3, 3],
      padding: [
        [5, 4],
        [3, 6],
      ],
      strides: [2, 3],
    },
  ],
])("%s", (_, given) => check(specOf(given)));

test("a kernel that is too large for parts is divided by columns", () => {
  const spec = specOf({
    n: 3,
    h: 4,
    w: 4,
    c: 192,
    o: 384,
    kernel: [3, 3],
    padding: [
      [1, 1],
      [1, 1],
    ],
  });
  const { stages } = conv2dFilter({ ...spec, x: [3, 4, 4, 192] });
  expect(stages.length).toBeGreaterThanOrEqual(1);
  expect(stages[0]!.kernel.workItems).toBeGreaterThan(3);
  const shape = outputShape(spec);
  const x = randomValues(sizeOf(spec.x), 1);
  const g = randomValues(sizeOf(shape), 3);
  const dw = outputOfStages(conv2dFilter(spec), sizeOf(spec.w), [x, g]);
  close("conv2dFilter", spec, dw, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(wi, x[xi]! * g[yi]!)),
  );
});
