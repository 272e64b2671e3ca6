import { expect, test } from "vitest";
import { conv2dFilter } from "./im2col/conv2dFilter.js";
import { depthwiseFilter } from "./depthwise/depthwiseFilter.js";
import { specOf, sizeOf, outputShape, type Sizes } from "../../testing/convOracle.js";
import { outputOfStages } from "../../testing/run.js";
import type { Stages } from "../kernel.js";
import { winogradFilter } from "./winograd/winogradFilter.js";

// Gradients of a kernel are sums over all pixels of a batch. Of tenths, which are rounded the same
// way, plain sums in float32 lose 1e-3.
const cases: [string, (spec: ReturnType<typeof specOf>) => Stages, Sizes][] = [
  [
    "conv2dFilter, of one image",
    conv2dFilter,
    { n: 1, h: 1, w: 300_000, c: 1, o: 2, kernel: [1, 1] },
  ],
  [
    "conv2dFilter, of many",
    conv2dFilter,
    { n: 20_000, h: 10, w: 10, c: 1, o: 3, kernel: [2, 2], strides: [2, 2] },
  ],
  ["winogradFilter", winogradFilter, { n: 1, h: 402, w: 1602, c: 8, o: 8, kernel: [3, 3] }],
  [
    "depthwiseFilter",
    depthwiseFilter,
    { n: 4000, h: 14, w: 14, c: 1, o: 1, kernel: [1, 1], groups: 4 },
  ],
];
test.each(cases)("%s errs by 3e-5 of itself at most, however many pixels", (_, grads, sizes) => {
  const spec = specOf(sizes);
  const shape = outputShape(spec);
  const pixels = shape[0]! * shape[1]! * shape[2]!;
  const x = new Float32Array(sizeOf(spec.x)).fill(0.1);
  const g = new Float32Array(sizeOf(shape)).fill(1);
  const right = pixels * Math.fround(0.1);
  for (const grad of outputOfStages(grads(spec), sizeOf(spec.w), [x, g]))
    expect(Math.abs(grad / right - 1)).toBeLessThan(3e-5);
});
