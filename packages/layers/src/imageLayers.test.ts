import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { startOf, wavy } from "./internal/gradcheck.js";
import { run, type Given } from "./internal/testing.js";

const output = (layer: Layer<Tensor>, x: Given, params = {}): number[] =>
  Array.from(run(layer, { x, params }).y.data);
const list = (data: readonly number[], shape: readonly number[] = [1, data.length, 1]): Given => ({
  shape,
  data,
});

/** A layer of one direction, and the same of an image of one row. */
const pairs: readonly (readonly [string, Layer<Tensor>, Layer<Tensor>])[] = [
  ["avgPool1d", layers.avgPool1d(3, { strides: 2 }), layers.avgPool2d([1, 3], { strides: [1, 2] })],
  ["maxPool1d", layers.maxPool1d(), layers.maxPool2d([1, 2])],
  ["lpPool1d", layers.lpPool1d(2, { order: 4 }), layers.lpPool2d([1, 2], { order: 4 })],
  ["adaptiveAvgPool1d", layers.adaptiveAvgPool1d(3), layers.adaptiveAvgPool2d([1, 3])],
  ["adaptiveMaxPool1d", layers.adaptiveMaxPool1d(3), layers.adaptiveMaxPool2d([1, 3])],
  ["globalAvgPool1d", layers.globalAvgPool1d(), layers.globalAvgPool2d()],
  ["globalMaxPool1d", layers.globalMaxPool1d(), layers.globalMaxPool2d()],
  ["upsampling1d", layers.upsampling1d(3), layers.upsampling2d([1, 3])],
  ["cropping1d", layers.cropping1d([2, 1]), layers.cropping2d([0, [2, 1]] as never)],
  [
    "padding1d",
    layers.padding1d([2, 1]),
    layers.padding2d([
      [0, 0],
      [2, 1],
    ]),
  ],
  ["conv1d", layers.conv1d(3, 2, { strides: 2 }), layers.conv2d(3, [1, 2], { strides: [1, 2] })],
  [
    "conv1dTranspose",
    layers.conv1dTranspose(3, 2, { strides: 3, padding: 1, outputPadding: 1 }),
    layers.conv2dTranspose(3, [1, 2], {
      strides: [1, 3],
      padding: [0, 1],
      outputPadding: [0, 1],
    }),
  ],
  [
    "depthwiseConv1d",
    layers.depthwiseConv1d(2, { depthMultiplier: 2 }),
    layers.depthwiseConv2d([1, 2], { depthMultiplier: 2 }),
  ],
  ["separableConv1d", layers.separableConv1d(3, 2), layers.separableConv2d(3, [1, 2])],
];
test.each(pairs)("%s is the layer of an image of one row", (_, ours, image) => {
  const x = wavy([2, 7, 2]);
  const { params } = startOf(ours, [7, 2]);
  const inRow = image.plan([1, 7, 2]).params;
  const same = Object.fromEntries(
    Object.entries(params).map(([path, { data }]) => [path, { shape: inRow[path]!.shape, data }]),
  );
  expectClose(output(ours, x, params), output(image, { ...x, shape: [2, 1, 7, 2] }, same));
});

test("pixelUnshuffle is the inverse of pixelShuffle", () => {
  const x = wavy([2, 4, 6, 3]);
  const back = layers.sequential(layers.pixelUnshuffle(2), layers.pixelShuffle(2));
  expectClose(output(back, x), x.data);
  expect(output(layers.pixelUnshuffle(2), list([1, 2, 3, 4], [1, 2, 2, 1]))).toEqual([1, 2, 3, 4]);
});

test("causal convolutions see nothing that comes later", () => {
  const layer = layers.conv1d(2, 3, { padding: "causal", dilation: 2 });
  const { params } = startOf(layer, [8, 1]);
  const x = wavy([1, 8, 1]);
  const later = { ...x, data: Array.from(x.data, (v, i) => (i < 5 ? v : 9)) };
  const [a, b] = [output(layer, x, params), output(layer, later, params)];
  expect(a.slice(0, 10)).toEqual(b.slice(0, 10));
  expect(a.slice(10)).not.toEqual(b.slice(10));
});

test("other edges than zeros", () => {
  const kernel = { shape: [2, 1, 1], data: [1, 10] };
  const conv = (paddingMode: "zeros" | "reflect" | "replicate" | "circular"): number[] =>
    output(layers.conv1d(1, 2, { padding: [2, 0], paddingMode, useBias: false }), list([1, 2, 3]), {
      kernel,
    });
  expect(conv("zeros")).toEqual([0, 10, 21, 32]);
  expect(conv("reflect")).toEqual([23, 12, 21, 32]);
  expect(conv("replicate")).toEqual([11, 11, 21, 32]);
  expect(conv("circular")).toEqual([32, 13, 21, 32]);
});

test("a constant around an image, and negative padding", () => {
  const layer = layers.padding2d(
    [
      [1, -1],
      [0, 1],
    ],
    { value: 9 },
  );
  expect(output(layer, list([1, 2, 3, 4], [1, 2, 2, 1]))).toEqual([9, 9, 9, 1, 2, 9]);
});

test.each([
  [() => layers.conv1d(3, 4).plan([3, 1]), /^conv1d: expected an image at least as large/],
  [
    () => layers.conv1d(3, 2, { padding: [1] as never }),
    /^conv1d: expected padding of integers ≥ 0/,
  ],
  [
    () => layers.conv1d(3, 2, { strides: [1, 1] as never }),
    /^conv1d: expected strides as an integer/,
  ],
  [() => layers.conv1d(3, 2).plan([4]), /^conv1d: expected a sequence \[length, channels\]/],
  [() => layers.conv2d(3, 2, { paddingMode: "mirror" as never }), /^conv2d: expected paddingMode/],
  [
    () => layers.conv1d(3, 3, { padding: 3, paddingMode: "reflect" }).plan([2, 1]),
    /^conv1d: expected axis 2/,
  ],
  [
    () => layers.conv1dTranspose(3, 2, { outputPadding: 1 }),
    /^conv1dTranspose: expected outputPadding/,
  ],
  [
    () => layers.depthwiseConv2d(3, { strides: 0 }),
    /^depthwiseConv2d: expected strides of integers/,
  ],
  [() => layers.separableConv2d(3, 2, { depthMultiplier: 0 }), /^separableConv2d: expected depthM/],
  [
    () => layers.separableConv1d(0, 2),
    /^separableConv1d: expected filters as an integer ≥ 1, got 0/,
  ],
  [
    () => layers.cropping2d(2).plan([4, 5, 1]),
    /^cropping2d: expected an input of which something is/,
  ],
  [() => layers.padding1d(-2).plan([4, 1]), /^padding1d: expected an input of which something is/],
  [() => layers.padding2d(3, { mode: "reflect" }).plan([3, 3, 1]), /^padding2d: expected axis 1/],
  [() => layers.pixelShuffle(2).plan([2, 2, 6]), /^pixelShuffle: expected channels divisible by 4/],
  [
    () => layers.pixelUnshuffle(2).plan([2, 3, 1]),
    /^pixelUnshuffle: expected sizes divisible by 2/,
  ],
  [() => layers.maxPool1d(2, { padding: 2 }), /^maxPool1d: expected less padding than the window/],
  [
    () => layers.lpPool2d(2, { order: 0 }),
    /^lpPool2d: expected order as a finite number > 0, got 0/,
  ],
  [() => layers.permute([1, 1]), /^permute: expected each axis from 1 once/],
  [() => layers.permute([2, 1]).plan([2]), /^permute: expected an input of 2 axes, got \[2\]/],
  [() => layers.repeatVector(2).plan([2, 2]), /^repeatVector: expected a vector \[size\]/],
  [
    () => layers.normalization([1], [-1]),
    /^normalization: expected variance as finite numbers ≥ 0/,
  ],
  [
    () => layers.normalization([1, 2], 1).plan([3]),
    /^normalization: expected a last axis of 2 chan/,
  ],
  [
    () => layers.unitNormalization({ order: Infinity }),
    /^unitNormalization: expected a finite order/,
  ],
  [
    () => layers.embedding(3, 2, { paddingIndex: 3 }),
    /^embedding: expected paddingIndex of a row, 0/,
  ],
  [
    () => layers.maxout(3).plan([4]),
    /^maxout: expected a last axis divisible by 3 pieces, got \[4\]/,
  ],
  [() => layers.swiglu().plan([3]), /^swiglu: expected an even size along axis -1/],
  [() => layers.squeezeExcite(0), /^squeezeExcite: expected ratio as an integer ≥ 1, got 0/],
  [
    () => layers.piecewiseRelu({ threshold: 2, maxValue: 1 }),
    /^piecewiseRelu: expected maxValue as/,
  ],
])("refuses %s", (call, message) => {
  expect(call).toThrow(message);
});
