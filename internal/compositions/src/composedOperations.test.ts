import type { NDArray } from "@tenon/contracts";
import * as t from "@tenon/tensor";
import { expect, test } from "vitest";
import { engines } from "./bothEngines.js";

// Operations that are composed of others: both engines give the same values and gradients.

type Tensor = t.Tensor;
const shapes = { x: [2, 5, 6, 4], y: [2, 3, 4, 4], k: [3, 2, 2, 4] } as const;
const compositions: Readonly<
  Record<string, (given: Record<keyof typeof shapes, Tensor>) => Tensor>
> = {
  "a transposed convolution": ({ y, k }) =>
    t.conv2dTranspose(y, k, { strides: [2, 3], padding: [1, 0], outputPadding: 1 }),
  "a transposed convolution in groups": ({ y, k }) =>
    t.conv2dTranspose(y, k, { strides: 2, groups: 2, dilation: 2, padding: "same" }),
  "a transposed convolution, windows apart": ({ y, k }) => t.conv2dTranspose(y, k, { strides: 4 }),
  "reflected edges": ({ x }) =>
    t.padEdges(
      x,
      [
        [0, 0],
        [2, 1],
        [1, 3],
        [0, 0],
      ],
      "reflect",
    ),
  "replicated edges": ({ x }) =>
    t.padEdges(
      x,
      [
        [0, 0],
        [2, 1],
        [1, 3],
        [0, 0],
      ],
      "replicate",
    ),
  "a circle": ({ x }) =>
    t.padEdges(
      x,
      [
        [0, 0],
        [2, 1],
        [1, 3],
        [0, 0],
      ],
      "circular",
    ),
  "the nearest": ({ x }) => t.resize2d(x, [7, 4]),
  bilinear: ({ x }) => t.resize2d(x, [10, 9], { interpolation: "bilinear" }),
  "a dilated pool": ({ x }) => t.maxPool2d(x, 2, { dilation: [2, 3], strides: 1, padding: 1 }),
  "a pool over the edge": ({ x }) => t.maxPool2d(x, 2, { ceilMode: true }),
  "a mean over the edge": ({ x }) => t.avgPool2d(x, 3, { ceilMode: true, strides: 2 }),
  "a mean with its padding over the edge": ({ x }) =>
    t.avgPool2d(x, 3, { ceilMode: true, countPadding: true, padding: 1 }),
  "adaptive means": ({ x }) => t.adaptiveAvgPool2d(x, [2, 4]),
  "adaptive maxima": ({ x }) => t.adaptiveMaxPool2d(x, [3, 4]),
  sorted: ({ x }) => t.sort(x, { axis: 1 }),
  "the largest": ({ x }) => t.topK(x, 2, { axis: 2 }).values,
  "a sum over labels": ({ x, y }) => t.einsum("bhwc,bijc->bwihj", x, y),
  "of norm 1": ({ x }) => t.normalize(x, { axes: [1, 3] }),
  "of norm 1 in order 3": ({ x }) => t.normalize(x, { order: 3 }),
};

const inputs = Object.fromEntries(
  Object.entries(shapes).map(([name, shape], k): [string, NDArray] => [
    name,
    {
      shape,
      dtype: "float32",
      data: Float32Array.from(
        { length: t.sizeOf(shape) },
        (_, i) => Math.sin(i * 1.7 + k) + 0.3 * Math.cos(i * i * 0.37),
      ),
    },
  ]),
) as Record<keyof typeof shapes, NDArray>;

test.each(Object.entries(compositions))("%s", (_, f) => {
  const [ours, theirs] = engines.map((engine) =>
    engine
      .compile(
        (state, given: Record<keyof typeof shapes, Tensor>) => {
          const y = f(given);
          return { state, outputs: { result: y, ...t.gradients(y.square().sum(), given) } };
        },
        {},
        inputs,
      )
      .step(inputs),
  );
  for (const [name, { shape, data }] of Object.entries(theirs!)) {
    const got = ours![name as "result"];
    expect(got.shape, name).toEqual(shape);
    data.forEach((want, i) =>
      expect(
        Math.abs(got.data[i]! - want) / Math.max(1, Math.abs(want)),
        `${name} ${i}`,
      ).toBeLessThan(2e-5),
    );
  }
});
