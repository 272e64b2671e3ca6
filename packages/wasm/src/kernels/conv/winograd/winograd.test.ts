import type { ConvSpec } from "@tenon/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { windows } from "@tenon/tensor";
import { conv2d } from "../im2col/conv2d.js";
import {
  randomValues,
  outputShape,
  sizeOf,
  specOf,
  visit,
  type Sizes,
} from "../../../testing/convOracle.js";
import { outputOfStages, outputsOf, outputsOfStages } from "../../../testing/run.js";
import { winograd, winogradFits } from "./winograd.js";
import { winogradBack, winogradBackFits } from "./winogradBack.js";
import { winogradFilter, winogradFilterPays } from "./winogradFilter.js";
import { winogradInput } from "./winogradInput.js";

/** All outputs of a tile have its rounding errors, so the bound is for the largest sum. */
function closeByTile(
  what: string,
  spec: ConvSpec,
  got: Float32Array,
  terms: (add: (index: number, term: number) => void) => void,
): void {
  const sums = new Float64Array(got.length);
  const sizes = new Float64Array(got.length);
  terms((index, term) => {
    sums[index]! += term;
    sizes[index]! += Math.abs(term);
  });
  const bound = 4e-6 * sizes.reduce((a, b) => Math.max(a, b));
  got.forEach((value, i) => {
    if (!(Math.abs(value - sums[i]!) <= bound))
      throw new Error(
        `${what} ${JSON.stringify(spec)}: expected ${sums[i]} ± ${bound} at ${i}, got ${value}`,
      );
  });
}

function check(spec: ConvSpec): void {
  expect(winogradFits(spec)).toBe(true);
  const shape = outputShape(spec);
  const x = randomValues(sizeOf(spec.x), 1);
  const w = randomValues(sizeOf(spec.w), 2);
  const g = randomValues(sizeOf(shape), 3);
  const y = outputOfStages(winograd(spec), g.length, [x, w]);
  closeByTile("winograd", spec, y, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(yi, x[xi]! * w[wi]!)),
  );
  const dx = outputOfStages(winogradInput(spec), x.length, [g, w]);
  closeByTile("winogradInput", spec, dx, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(xi, g[yi]! * w[wi]!)),
  );
  const dw = outputOfStages(winogradFilter(spec), w.length, [x, g]);
  closeByTile("winogradFilter", spec, dw, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(wi, x[xi]! * g[yi]!)),
  );
  if (!winogradBackFits(spec)) return;
  const both = outputsOfStages(winogradBack(spec), [x.length, w.length], [g, w, x]);
  closeByTile("winogradBack, image", spec, both[0]!, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(xi, g[yi]! * w[wi]!)),
  );
  closeByTile("winogradBack, kernel", spec, both[1]!, (add) =>
    visit(spec, shape, (xi, wi, yi) => add(wi, x[xi]! * g[yi]!)),
  );
}

const pad = fc.integer({ min: 0, max: 2 });
const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    n: fc.integer({ min: 1, max: 4 }),
    h: fc.integer({ min: 1, max: 14 }),
    w: fc.integer({ min: 1, max: 14 }),
    c: fc.constantFrom(8, 16),
    o: fc.constantFrom(8, 16, 24),
    kernel: fc.constant<[number, number]>([3, 3]),
    padding: fc.tuple(fc.tuple(pad, pad), fc.tuple(pad, pad)),
  })
  .filter((given) =>
    windows([given.h, given.w], [3, 3], { ...given, strides: [1, 1] }).every((count) => count >= 1),
  );

test("agrees with sums in float64 for any image and padding, however it is divided", () => {
  fc.assert(
    fc.property(sizes, (given) => check(specOf(given))),
    { numRuns: 60 },
  );
});

test.each<[string, Sizes]>([
  ["a second layer", { n: 5, h: 13, w: 13, c: 32, o: 64, kernel: [3, 3] }],
  [
    "parts of unequal size",
    {
      n: 19,
      h: 6,
      w: 5,
      c: 8,
      o: 8,
      kernel: [3, 3],
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  ],
  [
    "more tiles than fit at once",
    {
      n: 2,
      h: 41,
      w: 38,
      c: 64,
      o: 8,
      kernel: [3, 3],
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  ],
  [
    "a padding larger than the image",
    {
      n: 1,
      h: 3,
      w: 2,
      c: 8,
      o: 8,
      kernel: [3, 3],
      padding: [
        [5, 1],
        [0, 6],
      ],
    },
  ],
  [
    "one image of many tiles",
    {
      n: 1,
      h: 37,
      w: 30,
      c: 8,
      o: 16,
      kernel: [3, 3],
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  ],
])("%s", (_, given) => check(specOf(given)));

test("has errors a few times those of plain sums", () => {
  const spec = specOf({ n: 2, h: 13, w: 13, c: 32, o: 64, kernel: [3, 3] });
  const shape = outputShape(spec);
  const x = randomValues(sizeOf(spec.x), 1);
  const w = randomValues(sizeOf(spec.w), 2);
  const exact = new Float64Array(sizeOf(shape));
  visit(spec, shape, (xi, wi, yi) => {
    exact[yi]! += x[xi]! * w[wi]!;
  });
  const error = (got: Float32Array): number =>
    Math.sqrt(
      exact.reduce((sum, e, i) => sum + (got[i]! - e) ** 2, 0) /
        exact.reduce((sum, e) => sum + e * e, 0),
    );
  expect(error(outputsOf(conv2d(spec), [exact.length], [x, w])[0]!)).toBeLessThan(1e-6);
  expect(error(outputOfStages(winograd(spec), exact.length, [x, w]))).toBeLessThan(5e-6);
});

test("the shapes that it does not fit", () => {
  const spec = specOf({ h: 9, w: 9, c: 8, o: 8, kernel: [3, 3] });
  expect(winogradFits(spec)).toBe(true);
  expect(winogradFilterPays(spec)).toBe(true);
  expect(winogradFilterPays(specOf({ h: 9, w: 9, c: 256, o: 256, kernel: [3, 3] }))).toBe(false);
  expect(winogradFits(specOf({ h: 9, w: 9, c: 8, o: 8, kernel: [3, 3], strides: [2, 1] }))).toBe(
    false,
  );
  expect(winogradFits(specOf({ h: 9, w: 9, c: 1, o: 8, kernel: [3, 3] }))).toBe(false);
  expect(winogradFits(specOf({ h: 9, w: 9, c: 8, o: 8, kernel: [3, 2] }))).toBe(false);
  expect(winogradFits(specOf({ h: 9, w: 9, c: 8, o: 8, kernel: [3, 3], dilation: [2, 2] }))).toBe(
    false,
  );
});
