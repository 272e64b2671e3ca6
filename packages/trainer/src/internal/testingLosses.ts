import type { Dataset, Layer, Loss, NDArray, Transform } from "@tenon/contracts";
import { dataset, type InMemoryDataset } from "@tenon/data";
import * as losses from "@tenon/losses";
import { crossEntropy } from "@tenon/losses";
import { average, tensor, total, where, type Tensor } from "@tenon/tensor";
import fc from "fast-check";

/** A model that gives back what it is given. */
export const same: Layer<Tensor> = {
  type: "same",
  plan: (output) => ({ output, params: {}, stats: {} }),
  forward: (x) => x,
  toJSON: () => ({ type: "same" }),
};

export const array = (
  shape: readonly number[],
  numbers: readonly number[],
  dtype: "float32" | "int32" = "float32",
): NDArray => ({
  shape,
  dtype,
  data: dtype === "int32" ? Int32Array.from(numbers) : Float32Array.from(numbers),
});

/** A dataset that is cut where it is said. */
export function cut(
  { source: { x, y }, ...data }: ReturnType<typeof dataset>,
  sizes: readonly number[],
): Dataset {
  const rows = ({ shape, dtype, data: numbers }: NDArray, from: number, to: number): NDArray => {
    const width = numbers.length / shape[0]!;
    return {
      shape: [to - from, ...shape.slice(1)],
      dtype,
      data: numbers.slice(from * width, to * width),
    };
  };
  return {
    ...data,
    *batches() {
      let at = 0;
      for (const size of sizes) {
        yield { x: rows(x, at, at + size), y: rows(y, at, at + size) };
        at += size;
      }
    },
  };
}

export const n = 24;
export const classes = 3;
export const real: fc.Arbitrary<number> = fc.double({ min: -3, max: 3, noNaN: true });
export const kinds: Readonly<Record<"labels" | "shares" | "bits" | "real", fc.Arbitrary<number>>> =
  {
    labels: fc.integer({ min: -1, max: classes - 1 }),
    shares: fc.double({ min: 0.05, max: 1, noNaN: true }),
    bits: fc.constantFrom(0, 1),
    real,
  };
export const none = -1;
export const known = (t: Tensor): Tensor => t.maximum(0).cast("int32");

export const ignored: Loss<Tensor> = (p, t) => crossEntropy(p, t, { ignoreIndex: none });
export const summed: Loss<Tensor> = (p, t) =>
  crossEntropy(p, t, { ignoreIndex: none, reduction: "sum" });
export const each = (p: Tensor, t: Tensor): Tensor =>
  crossEntropy(p, t, { ignoreIndex: none, reduction: "none" });
export const weightOf = (t: Tensor): Tensor => where(t.equal(none), 0, t.add(0.25));

/** Losses that are made of others. The targets are labels. */
export const composed: Readonly<Record<string, Loss<Tensor>>> = {
  "and 0": (p, t) => ignored(p, t).add(0),
  "and 1": (p, t) => ignored(p, t).add(1),
  "and itself, halved": (p, t) => ignored(p, t).add(ignored(p, t)).div(2),
  "twice, from the left, less itself": (p, t) =>
    tensor(2).mul(ignored(p, t)).add(ignored(p, t).neg()),
  "and a mean": (p, t) => ignored(p, t).add(p.square().mean().mul(0.01)),
  "less a mean over examples of one's own": (p, t) =>
    ignored(p, t).sub(p.square().sum().div(p.shape[0]!)),
  "and a mean by 1/n": (p, t) =>
    p
      .square()
      .sum()
      .mul(1 / p.shape[0]!)
      .add(ignored(p, t)),
  "of sums": (p, t) => summed(p, t).add(summed(p.mul(2), t).mul(3)),
  "of a sum, a mean and a total over a weight": (p, t) =>
    summed(p, t)
      .mul(0.1)
      .sub(ignored(p, t))
      .add(losses.mse(p, p.mul(0.5))),
  "of two classes of weights": (p, t) =>
    ignored(p, t).add(crossEntropy(p, known(t), { classWeights: [1, 0.25, 7] }).mul(2)),
  "of losses one by one, summed": (p, t) => total(each(p, t).sum()),
  "of losses one by one, a mean": (p, t) => each(p, t).mean(),
  "of losses one by one, a mean by their number": (p, t) =>
    each(p, t)
      .mul(1 / t.shape[0]!)
      .sum(),
  "of sums by class": (p, t) =>
    total(
      where(t.equal(none).expandDims(-1), 0, p.square())
        .sum(0)
        .mul(tensor([1, 2, 3]))
        .sum(),
    ),
  "by weights of one's own": (p, t) =>
    average(each(p, t).mul(weightOf(t)).sum(), weightOf(t).sum()),
  "by weights, and more": (p, t) =>
    average(each(p, t).mul(weightOf(t)).sum(), weightOf(t).sum())
      .mul(2)
      .add(ignored(p, t))
      .add(p.abs().mean()),
  "by a count": (p, t) => average(each(p, t).sum(), t.notEqual(none).sum()),
  "of distances": (p, t) =>
    total(
      p.sub(t.expandDims(-1)).square().sum(-1, true).sqrt().mul(weightOf(t).expandDims(-1)).sum(),
    ),
};

/** 12 examples of which 4 are ignored, three of them side by side. */
export const logits: readonly number[] = Array.from({ length: 12 * 3 }, (_, i) => Math.sin(i * i));
export const labels: readonly number[] = [0, 1, none, 2, none, none, none, 1, 0, 2, 2, 1];
export const twelve: InMemoryDataset = dataset({
  x: array([12, 3], logits),
  y: array([12], labels, "int32"),
});

/** Moves nothing, so that the loss of an epoch is that of its start. */
export const still: Transform = {
  name: "still",
  slots: () => ({}),
  update: (flow) => ({
    ...flow,
    updates: Object.fromEntries(Object.entries(flow.updates).map(([path, g]) => [path, g.mul(0)])),
  }),
};
