import {
  argMaxPool2d,
  avgPool2d,
  conv2d,
  gradients,
  maxPool2d,
  slice,
  type Tensor,
} from "@tenon/tensor";
import { expect, test } from "vitest";
import { array, withGradients, type Conformance } from "./agree.js";

/** Convolutions, alone and with pools. */
export function convolutions({ agree, engines }: Conformance): void {
  test("convolutions and pools", async () => {
    for (const options of [
      {},
      { strides: 2 },
      { padding: "same" },
      {
        dilation: 2,
        padding: [
          [1, 0],
          [2, 1],
        ],
      },
      { groups: 2 },
    ] as const)
      await agree(
        { x: array([2, 9, 8, 4]), w: array([3, 2, "groups" in options ? 2 : 4, 6]) },
        withGradients(({ x, w }) => conv2d(x!, w!, options)),
      );
    for (const [window, options] of [
      [2, {}],
      [[3, 2], { strides: 2 }],
      [3, { strides: 1, padding: "same" }],
      [2, { padding: 1 }],
    ] as const) {
      await agree(
        { x: array([2, 7, 8, 5]) },
        withGradients(({ x }) => maxPool2d(x!, window, options)),
      );
      await agree({ x: array([2, 7, 8, 5]) }, ({ x }) => ({
        y: maxPool2d(x!, window, options),
        indices: argMaxPool2d(x!, window, options),
      }));
      await agree(
        { x: array([2, 7, 8, 5]) },
        withGradients(({ x }) => avgPool2d(x!, window, options)),
      );
    }
    // Each output reads one channel.
    for (const options of [
      {},
      { padding: "same" as const },
      { strides: [2, 3] as const, padding: "same" as const },
      { dilation: 2 },
    ])
      await agree(
        { x: array([2, 9, 8, 6]), w: array([3, 2, 1, 6]) },
        withGradients(({ x, w }) => conv2d(x!, w!, { ...options, groups: 6 })),
      );
    // Higher-order gradients.
    await agree(
      { x: array([1, 6, 6, 2]), w: array([3, 3, 2, 3]) },
      ({ x, w }) =>
        gradients(
          gradients(maxPool2d(conv2d(x!, w!).tanh(), 2).square().sum(), { x: x!, w: w! })
            .w.square()
            .sum(),
          { x: x!, w: w! },
        ),
      1e-5,
    );
  });

  test("a convolution under a max pool, with its gradients, for windows of any shape", async () => {
    for (const [window, options] of [
      [[2, 2], {}],
      [[2, 2], { padding: "same" }],
      [[3, 1], { padding: "same", strides: 2 }],
      [[1, 3], {}],
      [[2, 3], { dilation: 2 }],
    ] as const)
      await agree(
        { x: array([3, 11, 10, 4]), w: array([3, 3, 4, 6]), b: array([6]) },
        withGradients(({ x, w, b }) =>
          maxPool2d(conv2d(x!, w!, options).add(b!).relu(), [...window]),
        ),
        1e-5,
      );
  });

  test("a batch norm behind a convolution, with its gradients, under pools that do and do not cover the image", async () => {
    for (const [size, window] of [
      [8, 2],
      [7, 2],
      [9, 3],
    ] as const)
      await agree(
        {
          x: array([3, size, size, 2]),
          w: array([3, 3, 2, 5]),
          gamma: array([5], (i) => 1 + i / 5),
          beta: array([5]),
        },
        withGradients(({ x, w, gamma, beta }) => {
          const z = conv2d(x!, w!, { padding: "same" });
          const centred = z.sub(z.mean([0, 1, 2]));
          const std = centred.square().mean([0, 1, 2]).add(1e-3).sqrt();
          return maxPool2d(centred.mul(gamma!.div(std)).add(beta!).relu(), window);
        }),
        1e-5,
      );
  });

  test("state that a convolution reads is not replaced while kernels are chained", async () => {
    const start = { w: array([3, 3, 4, 4]) };
    const inputs = {
      a: array([3, 3, 4, 4], (i) => Math.cos(i)),
      x: array([3, 3, 4, 4], (i) => Math.sin(2 * i)),
    };
    const stepped = engines().map(async (engine) => {
      const program = engine.compile(
        (state: { readonly w: Tensor }, { a, x }) => {
          const { a: g } = gradients(maxPool2d(a, [3, 2]).square().sum(), { a });
          return { state: { w: g.mul(conv2d(x, state.w, { padding: "same" })) }, outputs: {} };
        },
        start,
        inputs,
      );
      await program.step(inputs);
      return (await program.state()).w.data;
    });
    const [got, expected] = [await stepped[0]!, await stepped[1]!];
    got.forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 4));
  });

  test.each<[string, Record<string, readonly number[]>, (x: Record<string, Tensor>) => Tensor]>([
    [
      "the first 2 of 4 images",
      { x: [4, 5, 5, 4], w: [3, 3, 4, 8] },
      ({ x, w }) => slice(conv2d(x!, w!), [0, 0, 0, 0], [2, 3, 3, 8]).mul(2),
    ],
    [
      "the first 32 of 64 images",
      { x: [64, 5, 5, 4], w: [3, 3, 4, 8] },
      ({ x, w }) => slice(conv2d(x!, w!), [0, 0, 0, 0], [32, 3, 3, 8]).relu(),
    ],
    [
      "the first image",
      { x: [4, 6, 6, 4], w: [1, 1, 4, 8] },
      ({ x, w }) => slice(conv2d(x!, w!), [0, 0, 0, 0], [1, 6, 6, 8]).mul(2),
    ],
    [
      "upper rows, pooled",
      { x: [4, 8, 8, 4], w: [3, 3, 4, 8] },
      ({ x, w }) => maxPool2d(slice(conv2d(x!, w!), [0, 0, 0, 0], [4, 4, 6, 8]), 2),
    ],
    [
      "the first 2 of 4 images, pooled",
      { x: [4, 8, 8, 4], w: [3, 3, 4, 8] },
      ({ x, w }) => maxPool2d(slice(conv2d(x!, w!), [0, 0, 0, 0], [2, 6, 6, 8]), 2),
    ],
  ])("a part of a convolution's output is read: %s", async (_, shapes, f) => {
    await agree(
      Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, array(shape)])),
      (x) => ({ y: f(x) }),
      1e-5,
    );
  });
}
