import { concat, full, logSumExp, pad, prod, slice, tensor, variance } from "@tenon/tensor";
import { test } from "vitest";
import { array, withGradients, type Conformance } from "./agree.js";

/** Elementwise operations, reductions and views. */
export function elementwise({ agree, subnormals }: Conformance): void {
  test("elementwise, broadcasting, reductions, with gradients", async () => {
    await agree(
      { a: array([5, 3]), b: array([3]), c: array([5, 1]) },
      withGradients(({ a, b, c }) => a!.mul(b!).add(c!).tanh().mul(2).sub(a!.square())),
    );
    await agree(
      { a: array([4, 6]) },
      withGradients(({ a }) => a!.softmax()),
    );
    await agree(
      { a: array([4, 6]) },
      withGradients(({ a }) => a!.logSoftmax().max(0)),
    );
    await agree(
      { a: array([3, 5, 7]) },
      withGradients(({ a }) =>
        variance(a!, [0, 1])
          .sqrt()
          .add(a!.mean([0, 1])),
      ),
    );
    await agree(
      { a: array([3, 5, 7]) },
      withGradients(({ a }) => logSumExp(a!, [1])),
    );
    await agree(
      { a: array([3, 4], (i) => 0.5 + i / 7) },
      withGradients(({ a }) => prod(a!, 0).add(a!.pow(1.5).sum(0)).add(a!.log().sum(0))),
    );
  });

  test("views: transposed, sliced, padded, concatenated, reshaped", async () => {
    await agree(
      { a: array([4, 5, 6]) },
      withGradients(({ a }) => a!.transpose([2, 0, 1]).exp()),
    );
    await agree(
      { a: array([4, 5, 6]) },
      withGradients(({ a }) => a!.transpose([2, 0, 1]).reshape([6, 20]).mul(3)),
    );
    await agree(
      { a: array([7, 9]) },
      withGradients(({ a }) => slice(a!, [1, 2], [6, 9], [2, 3]).square()),
    );
    await agree(
      { a: array([3, 4]) },
      withGradients(({ a }) =>
        pad(
          a!,
          [
            [1, 2],
            [0, 3],
          ],
          0.5,
        ).mul(a!.sum()),
      ),
    );
    await agree(
      { a: array([3, 4]), b: array([3, 2]) },
      withGradients(({ a, b }) => concat([a!, b!, a!], 1).square()),
    );
    await agree(
      { a: array([2, 3, 4]) },
      withGradients(({ a }) => a!.sum(1, true).sub(a!).expandDims(0).squeeze(0)),
    );
  });

  test("values that JSON cannot write stay distinct, and zero keeps its sign", async () => {
    // A planner computes equal values once: these are not equal.
    await agree({ a: array([2]) }, ({ a }) => ({
      up: pad(a!, [[1, 0]], Infinity),
      down: pad(a!, [[1, 0]], -Infinity),
      none: pad(a!, [[1, 0]], NaN),
      zero: tensor(1).div(pad(a!, [[1, 0]], 0)),
      minus: tensor(1).div(pad(a!, [[1, 0]], -0)),
    }));
    await agree({ a: array([2], () => -0) }, ({ a }) => ({
      add: tensor(1).div(a!.add(0)),
      addMinus: tensor(1).div(a!.add(-0)),
      sub: tensor(1).div(a!.sub(0)),
      subMinus: tensor(1).div(a!.sub(-0)),
    }));
    // 2⁻¹⁴⁹ is a float32, 2¹⁴⁹ is not.
    if (subnormals)
      await agree({ a: array([2], (i) => i * 2 ** -140) }, ({ a }) => ({ y: a!.div(2 ** -149) }));
    await agree({}, () => ({ y: full([0], Infinity).sum() }));
  });
}
