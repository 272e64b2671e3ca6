import fc from "fast-check";
import { expect, test } from "vitest";
import { depthwise, depthwiseFits, depthwiseInput } from "./depthwise.js";
import { depthwiseFilter } from "./depthwiseFilter.js";
import { close, numbers, outputShape, sizeOf, specOf, visit, type Sizes } from "./internal/convOracle.js";
import { windows, type ConvSpec } from "./internal/geometry.js";
import { outputsOf, outputOfStages } from "./internal/run.js";

function check(spec: ConvSpec): void {
  expect(depthwiseFits(spec)).toBe(true);
  const shape = outputShape(spec);
  const x = numbers(sizeOf(spec.x), 1), w = numbers(sizeOf(spec.w), 2), g = numbers(sizeOf(shape), 3);
  const [y] = outputsOf(depthwise(spec), [g.length], [x, w]);
  close("depthwise", spec, y!, (add) => visit(spec, shape, (xi, wi, yi) => add(yi, x[xi]! * w[wi]!)));
  const [dx] = outputsOf(depthwiseInput(spec), [x.length], [g, w]);
  close("depthwiseInput", spec, dx!, (add) => visit(spec, shape, (xi, wi, yi) => add(xi, g[yi]! * w[wi]!)));
  const dw = outputOfStages(depthwiseFilter(spec), w.length, [x, g]);
  close("depthwiseFilter", spec, dw, (add) => visit(spec, shape, (xi, wi, yi) => add(wi, x[xi]! * g[yi]!)));
}

const few = fc.integer({ min: 1, max: 3 });
const side = fc.integer({ min: 0, max: 4 });
const sizes: fc.Arbitrary<Sizes> = fc.record({
  n: fc.integer({ min: 0, max: 3 }), h: fc.integer({ min: 1, max: 9 }), w: fc.integer({ min: 1, max: 24 }), c: fc.constant(1), o: fc.constant(1), groups: fc.integer({ min: 2, max: 21 }),
  kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 7 })), strides: fc.tuple(few, few), padding: fc.tuple(fc.tuple(side, side), fc.tuple(side, side)), dilation: fc.tuple(few, few),
}).filter((given) => windows([given.h, given.w], given.kernel, given).every((count) => count >= 1));

test("agrees with sums in float64 for any kernel, strides, padding, dilation and channels, whatever the cut", () => {
  fc.assert(fc.property(sizes, (given) => check(specOf(given))), { numRuns: 300 });
});
