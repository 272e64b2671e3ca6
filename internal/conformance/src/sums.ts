import { gradients, maxPool2d, slice, split, summary, type Tensor } from "@tenon/tensor";
import { test } from "vitest";
import { array, withGradients, type Conformance } from "./agree.js";

/** Sums that a planner may rewrite, and sums that only resemble those. */
export function sums({ agree }: Conformance): void {
  test("a difference that only resembles a value minus its mean is summed as it is", async () => {
    const four = { x: array([4, 4, 2]), a: array([4, 4, 2], (i) => Math.cos(i)) };
    await agree(
      { x: array([8, 4]), a: array([8, 4], (i) => Math.cos(i)) },
      withGradients(({ x, a }) => a!.add(x!.sub(slice(x!.mean(0), [1], [2]))).sum(0)),
    );
    await agree(
      four,
      withGradients(({ x, a }) => a!.add(x!.sub(x!.mean(2).transpose().expandDims(2))).sum(2)),
    );
    // The same under a pool, where sums are taken over windows.
    for (const mean of [
      (x: Tensor) => x.mean([0, 1, 2]),
      (x: Tensor) => slice(x.mean([0, 1, 2]), [1], [2]),
      (x: Tensor) => x.transpose([3, 1, 2, 0]).mean([1, 2, 3]),
      (x: Tensor) => x.mean([1, 2]).mean(0),
    ]) {
      await agree(
        { x: array([2, 4, 4, 4]), k: array([4]) },
        ({ x, k }) => {
          const y = maxPool2d(x!.mul(k!).relu(), 2);
          const { x: g } = gradients(y.square().sum(), { x: x! });
          return {
            sum: g
              .mul(k!)
              .add(x!.sub(mean(x!)).mul(k!))
              .sum([0, 1, 2]),
            other: g
              .mul(x!.sub(mean(x!)))
              .neg()
              .sum([0, 1, 2]),
          };
        },
        1e-5,
      );
    }
    // Values that a factor keeps finite stay finite.
    await agree({ x: array([8, 2], () => 3e38), k: array([2], () => 1e-10) }, ({ x, k }) => ({
      y: x!.mul(k!).sum(0),
    }));
  });

  test("sums of products with a factor that is constant along them, of centred values, and higher-order gradients", async () => {
    await agree(
      { a: array([4, 6, 5]), k: array([5]) },
      withGradients(({ a, k }) =>
        a!
          .mul(k!)
          .sum([0, 1])
          .mul(
            a!
              .mul(k!.neg())
              .neg()
              .add(a!.sub(a!.mean([0, 1])))
              .sum([0, 1]),
          ),
      ),
    );
    await agree(
      { a: array([6, 5]), k: array([5]) },
      ({ a, k }) => {
        const f = (x: Tensor): Tensor => {
          const c = x.sub(x.mean(0));
          return c.mul(k!).tanh().mul(c.square().mean(0).add(0.1)).mul(x).sum();
        };
        const { a: first } = gradients(f(a!.tanh()), { a: a! });
        return { first, ...gradients(first.square().sum(), { second: a!, other: k! }) };
      },
      1e-5,
    );
  });

  test("summaries of arrays, of expressions and of views, for values of any size", async () => {
    const figures = (x: Tensor): Record<string, Tensor> => {
      const [mean, std, zeros, nonFinite] = split(summary(x), [1, 1, 1, 1]);
      return { mean: mean!, std: std!, zeros: zeros!, nonFinite: nonFinite! };
    };
    for (const [i, size] of [1, 1e30, 1e-30, NaN, Infinity].entries()) {
      const x = array([3, 40, 9], (k) => (k % 7 === 0 ? 0 : k % 11 < i ? size : 1) * Math.sin(k));
      for (const f of [
        (x: Tensor) => x,
        (x: Tensor) => x.relu(),
        (x: Tensor) => x.mul(2).sub(x.mean(1, true)),
        (x: Tensor) => x.transpose([0, 2, 1]),
        (x: Tensor) => slice(x, [0, 1, 2], [3, 38, 5]),
        (x: Tensor) => x.reshape([1080, 1]),
        (x: Tensor) => x.notEqual(0),
      ])
        await agree({ x }, ({ x }) => figures(f(x!)));
    }
  });
}
