import type { NDArray } from "@tenon/contracts";
import {
  arange,
  argMax,
  argMin,
  concat,
  conv2d,
  maxPool2d,
  oneHot,
  ones,
  pad,
  scatterAdd,
  scatterAlong,
  slice,
  summary,
  tensor,
  type Tensor,
  uniform,
} from "@tenon/tensor";
import { expect, test } from "vitest";
import { array, withGradients, type Conformance } from "./agree.js";

/** Matrix products, indices and random numbers. */
export function products({ agree, engines }: Conformance): void {
  test("matrix products in every position", async () => {
    await agree(
      { a: array([5, 7]), b: array([7, 3]) },
      withGradients(({ a, b }) => a!.matmul(b!)),
    );
    await agree(
      { a: array([7, 5]), b: array([3, 7]) },
      withGradients(({ a, b }) => a!.transpose().matmul(b!.transpose())),
    );
    await agree(
      { a: array([2, 5, 7]), b: array([2, 7, 3]) },
      withGradients(({ a, b }) => a!.matmul(b!)),
    );
    await agree(
      { a: array([2, 5, 7]), b: array([7, 3]) },
      withGradients(({ a, b }) => a!.matmul(b!)),
    );
    await agree(
      { a: array([7]), b: array([7, 3]) },
      withGradients(({ a, b }) => a!.matmul(b!)),
    );
    await agree(
      { a: array([0, 7]), b: array([7, 3]) },
      withGradients(({ a, b }) => a!.matmul(b!)),
    );
  });

  test("products with many zeros, and their gradients", async () => {
    await agree(
      { x: array([40, 64], (i) => (i % 7 === 0 ? Math.sin(i) : 0)), w: array([64, 36]) },
      withGradients(({ x, w }) => x!.matmul(w!).relu()),
    );
  });

  test("indices", async () => {
    const ids = tensor(Int32Array.of(2, 0, 2, 1));
    await agree(
      { a: array([3, 5]) },
      withGradients(({ a }) => a!.gather(ids)),
    );
    await agree(
      { a: array([4, 3]) },
      withGradients(({ a }) => a!.takeAlong(ids.reshape([4, 1]), 1)),
    );
    await agree({ a: array([4, 3]) }, ({ a }) => ({
      hot: oneHot(argMax(a!, 1), 3),
      low: argMin(a!, 0),
      values: arange(5).mul(2).remainder(3),
    }));
  });

  test("an axis of size 0 has indices, values, products and sums of nothing", async () => {
    const ids = tensor(Int32Array.of(2, 0, 2, 1));
    const none = (...shape: number[]): Record<string, NDArray> => ({ a: array(shape) });
    await agree(
      none(4, 0),
      withGradients(({ a }) => a!.gather(ids)),
    );
    await agree(
      none(4, 0),
      withGradients(({ a }) => a!.gather(tensor(new Int32Array(0), [0], "int32"), 0)),
    );
    await agree(
      none(3, 4, 0),
      withGradients(({ a }) => a!.takeAlong(tensor(new Int32Array(0), [3, 2, 0], "int32"), 1)),
    );
    await agree(
      none(4, 0),
      withGradients(({ a }) => scatterAdd(a!, ids, 3)),
    );
    await agree({ a: array([0, 3]) }, ({ a }) => ({
      add: scatterAdd(a!, tensor(new Int32Array(0), [0], "int32"), 2),
      none: scatterAdd(a!, tensor(new Int32Array(0), [0], "int32"), 0),
      along: scatterAlong(a!, tensor(new Int32Array(0), [0, 3], "int32"), 2, 0),
    }));
    await agree({ a: array([2, 0, 3]), b: array([2, 4, 3]) }, ({ a, b }) => ({
      ends: concat([a!.transpose([0, 2, 1]), b!.transpose([0, 2, 1])], 2),
      padded: pad(
        a!,
        [0, 1, 0].map((n) => [n, n] as const),
      ),
      sums: a!.add(tensor([1, 2, 3])).sum([1, 2]),
      most: a!.transpose().mul(2).sum([0, 2]),
      loop: a!.transpose([2, 0, 1]).add(slice(b!, [0, 0, 0], [2, 1, 1]).squeeze(2)),
      arg: argMax(a!, 2),
      product: a!.transpose([0, 2, 1]).matmul(a!),
      pool: maxPool2d(a!.expandDims(0).transpose([0, 1, 3, 2]), 2),
      conv: conv2d(a!.expandDims(0).transpose([0, 1, 3, 2]), tensor([], [1, 1, 0, 2])),
      figures: summary(a!.transpose([1, 0, 2]).reshape([0, 6])),
    }));
    for (const engine of engines())
      await expect(
        (async () =>
          engine
            .compile(
              (state: object, { i }: { readonly i: Tensor }) => ({
                state,
                outputs: { y: scatterAdd(ones([2]), i, 0) },
              }),
              {},
              { i: { shape: [2], dtype: "int32" } },
            )
            .step({ i: [0, 1] }))(),
      ).rejects.toThrow("scatterAdd: expected indices below 0");
  });

  test("a label that is not a class is an error, not a wrong value", async () => {
    const use = { by: "myLoss", indices: "labels", limit: "the number of classes" };
    for (const [asked, said] of [
      [undefined, "takeAlong: expected indices below 3, the size of the axis, got 3"],
      [use, "myLoss: expected labels below 3, the number of classes, got 3"],
    ] as const)
      for (const engine of engines()) {
        const program = engine.compile(
          (state: Record<string, Tensor>, { x, labels }) => ({
            state,
            outputs: { y: x.takeAlong(labels, 1, asked) },
          }),
          {},
          { x: { shape: [2, 3] }, labels: { shape: [2, 1], dtype: "int32" } },
        );
        await expect(
          (async () => program.step({ x: [1, 2, 3, 4, 5, 6], labels: [0, 3] }))(),
        ).rejects.toThrow(said);
      }
  });

  test("random numbers are the reference engine's, bit for bit", async () => {
    const scalar = { shape: [], dtype: "int32" } as const;
    for (const n of [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 4095, 4096, 4097, 10000]) {
      const draws = engines().map(async (engine) => {
        const program = engine.compile(
          (state: Record<string, Tensor>, { seed, step }) => ({
            state,
            outputs: { u: uniform([n], seed, step, -77) },
          }),
          {},
          { seed: scalar, step: scalar },
        );
        return [...(await program.step({ seed: 5, step: 9 })).u.data];
      });
      expect(await draws[0]).toEqual(await draws[1]);
    }
  });
}
