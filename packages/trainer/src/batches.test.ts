import type { Dataset, Layer, Loss, NDArray, Transform } from "@tenon/contracts";
import { dataset } from "@tenon/data";
import * as losses from "@tenon/losses";
import { crossEntropy } from "@tenon/losses";
import { dense } from "@tenon/layers";
import { accuracy } from "@tenon/metrics";
import { l2 } from "@tenon/regularizers";
import { average, reference, stack, tensor, where, zeros, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate } from "./evaluate.js";
import type { EndEvent } from "./events.js";
import { fit } from "./fit.js";
import { metadataOf, snapshotFrom } from "./snapshot.js";

/** A model that gives back what it is given. */
const same: Layer<Tensor> = {
  type: "same",
  plan: (output) => ({ output, params: {}, stats: {} }),
  forward: (x) => x,
  toJSON: () => ({ type: "same" }),
};

const array = (
  shape: readonly number[],
  numbers: readonly number[],
  dtype: "float32" | "int32" = "float32",
): NDArray => ({
  shape,
  dtype,
  data: dtype === "int32" ? Int32Array.from(numbers) : Float32Array.from(numbers),
});

/** A dataset that is cut where it is said. */
function cut(
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

const n = 24;
const classes = 3;
const real = fc.double({ min: -3, max: 3, noNaN: true });
const kinds = {
  labels: fc.integer({ min: -1, max: classes - 1 }),
  shares: fc.double({ min: 0.05, max: 1, noNaN: true }),
  bits: fc.constantFrom(0, 1),
  real,
} as const;
const none = -1;
const known = (t: Tensor): Tensor => t.maximum(0).cast("int32");

const ignored: Loss<Tensor> = (p, t) => crossEntropy(p, t, { ignoreIndex: none });
const summed: Loss<Tensor> = (p, t) => crossEntropy(p, t, { ignoreIndex: none, reduction: "sum" });
const each = (p: Tensor, t: Tensor): Tensor =>
  crossEntropy(p, t, { ignoreIndex: none, reduction: "none" });
const weightOf = (t: Tensor): Tensor => where(t.equal(none), 0, t.add(0.25));

/** Losses that are made of others. The targets are labels. */
const composed: Readonly<Record<string, Loss<Tensor>>> = {
  "and 0": (p, t) => ignored(p, t).add(0),
  "and 1": (p, t) => ignored(p, t).add(1),
  "and itself, halved": (p, t) => ignored(p, t).add(ignored(p, t)).div(2),
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
  "of losses one by one, summed": (p, t) => each(p, t).sum(),
  "of losses one by one, a mean": (p, t) => each(p, t).mean(),
  "of losses one by one, a mean by their number": (p, t) =>
    each(p, t)
      .mul(1 / t.shape[0]!)
      .sum(),
  "of sums by class": (p, t) =>
    where(t.equal(none).expandDims(-1), 0, p.square())
      .sum(0)
      .mul(tensor([1, 2, 3]))
      .sum(),
  "by a constant that was reshaped": (p, t) =>
    ignored(p, t)
      .mul(tensor([0.5]).reshape([]))
      .sub(tensor([[2]]).squeeze()),
  "by what is made of constants": (p, t) =>
    ignored(p, t)
      .div(tensor([1, 2]).sum())
      .neg()
      .mul(zeros([]).cos()),
  "in a list": (p, t) => stack([ignored(p, t), summed(p, t), p.mean()]).mean(),
  "in a shape": (p, t) => ignored(p, t).reshape([1, 1]).broadcastTo([2, 3]).sum().mul(2),
  "by weights of one's own": (p, t) => each(p, t).mul(weightOf(t)).sum().div(weightOf(t).sum()),
  "by weights, means of both": (p, t) => each(p, t).mul(weightOf(t)).mean().div(weightOf(t).mean()),
  "by weights with a guard": (p, t) =>
    each(p, t).mul(weightOf(t)).sum().div(weightOf(t).sum().maximum(1e-20)),
  "by weights, and more": (p, t) =>
    each(p, t)
      .mul(weightOf(t))
      .sum()
      .div(weightOf(t).sum())
      .mul(2)
      .add(ignored(p, t))
      .add(p.abs().mean()),
  "by a count": (p, t) => each(p, t).sum().div(t.notEqual(none).sum().maximum(1)),
  "of distances": (p, t) =>
    p.sub(t.expandDims(-1)).square().sum(-1, true).sqrt().mul(weightOf(t).expandDims(-1)).sum(),
  "of products with constants": (p, t) =>
    p
      .matmul(
        tensor([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      )
      .square()
      .sum()
      .mul(0.1)
      .add(ignored(p, t)),
};

/**
 * A loss, and what its targets are: labels (−1 means nothing), or numbers of the predictions'
 * shape.
 */
const all: readonly (readonly [string, keyof typeof kinds, Loss<Tensor>])[] = [
  ["cross entropy of labels", "labels", (p, t) => crossEntropy(p, known(t))],
  ["… with labels to ignore", "labels", (p, t) => crossEntropy(p, t, { ignoreIndex: none })],
  [
    "… with class weights",
    "labels",
    (p, t) => crossEntropy(p, known(t), { classWeights: [1, 0.25, 7] }),
  ],
  [
    "… where a class has no weight",
    "labels",
    (p, t) => crossEntropy(p, known(t), { classWeights: [1, 0, 0] }),
  ],
  [
    "… with all of it, smoothed",
    "labels",
    (p, t) =>
      crossEntropy(p, t, { ignoreIndex: none, classWeights: [1, 0.25, 7], labelSmoothing: 0.1 }),
  ],
  ["… as a sum", "labels", (p, t) => crossEntropy(p, t, { ignoreIndex: none, reduction: "sum" })],
  ["… doubled", "labels", (p, t) => crossEntropy(p, t, { ignoreIndex: none }).mul(2)],
  [
    "… of shares",
    "shares",
    (p, t) => crossEntropy(p, t, { classWeights: [1, 2, 3], labelSmoothing: 0.1 }),
  ],
  [
    "a masked mean of one's own",
    "labels",
    (p, t) => {
      const kept = t.notEqual(none);
      return average(where(kept, p.square().sum(-1), 0).sum(), kept.sum());
    },
  ],
  ["mse as a sum", "real", (p, t) => losses.mse(p, t, { reduction: "sum" })],
  ["klDivergence", "shares", (p, t) => losses.klDivergence(p.logSoftmax(), t)],
  [
    "binaryCrossEntropy",
    "bits",
    (p, t) => losses.binaryCrossEntropy(p, t, { posWeight: [1, 2, 3], labelSmoothing: 0.1 }),
  ],
  ["binaryFocal", "bits", (p, t) => losses.binaryFocal(p, t, { alpha: 0.25 })],
  ["hinge", "bits", (p, t) => losses.hinge(p, t.mul(2).sub(1))],
  ...(
    [
      "mse",
      "mae",
      "huber",
      "smoothL1",
      "logCosh",
      "cosineDistance",
      "categoricalHinge",
      "poisson",
    ] as const
  ).map((name) => [name, "real", (p: Tensor, t: Tensor) => losses[name](p, t)] as const),
  ...Object.entries(composed).map(([name, loss]) => [name, "labels", loss] as const),
  ["softMargin", "bits", (p, t) => losses.softMargin(p, t.mul(2).sub(1))],
];

test.each(all)(
  "%s of a dataset does not depend on how it is cut into batches",
  async (_, kind, loss) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(real, { minLength: n * classes, maxLength: n * classes }),
        fc.array(kinds[kind] as fc.Arbitrary<number>, {
          minLength: n * classes,
          maxLength: n * classes,
        }),
        fc.array(fc.nat(n), { maxLength: 8 }),
        async (x, y, cuts) => {
          const data = dataset({
            x: array([n, classes], x),
            y: kind === "labels" ? array([n], y.slice(0, n), "int32") : array([n, classes], y),
          });
          const places = [...new Set([0, ...cuts, n])].sort((a, b) => a - b);
          const sizes = places.slice(1).map((to, i) => to - places[i]!);
          const engine = reference({ precision: "float64" });
          const scored = async (of: Dataset): Promise<number> =>
            (await evaluate(same, { params: {}, data: of, loss, engine }))["loss"]!;
          const whole = await scored(cut(data, [n]));
          const parts = await scored(cut(data, sizes));
          if (Number.isNaN(whole)) expect(parts).toBeNaN();
          else
            expect(Math.abs(parts - whole)).toBeLessThanOrEqual(
              1e-12 * Math.max(1, Math.abs(whole)),
            );
        },
      ),
      { numRuns: 30 },
    );
  },
  30_000,
);

/** 12 examples of which 4 are ignored, three of them side by side. */
const logits = Array.from({ length: 12 * 3 }, (_, i) => Math.sin(i * i));
const labels = [0, 1, none, 2, none, none, none, 1, 0, 2, 2, 1];
const twelve = dataset({ x: array([12, 3], logits), y: array([12], labels, "int32") });
/** The mean of −log softmax at the label, over what is not ignored, in float64. */
const expected = (() => {
  const each = labels.flatMap((label, i) => {
    const row = logits.slice(3 * i, 3 * i + 3);
    const sum = row.reduce((total, x) => total + Math.exp(x), 0);
    return label === none ? [] : [Math.log(sum) - row[label]!];
  });
  return each.reduce((a, b) => a + b) / each.length;
})();

test.each(["reference", "wasm"] as const)(
  "ignored labels count nowhere, even where a batch has no others, on the %s engine",
  async (name) => {
    const engine = name === "wasm" ? await wasm({ threads: 1 }) : reference();
    for (const batchSize of [12, 8, 5, 4, 3, 1]) {
      expect(
        (await evaluate(same, { params: {}, data: twelve, loss: ignored, batchSize, engine }))[
          "loss"
        ],
      ).toBeCloseTo(expected, 6);
    }
  },
);

/** Moves nothing, so that the loss of an epoch is that of its start. */
const still: Transform = {
  name: "still",
  slots: () => ({}),
  update: (flow) => ({
    ...flow,
    updates: Object.fromEntries(Object.entries(flow.updates).map(([path, g]) => [path, g.mul(0)])),
  }),
};

test.each(["reference", "wasm"] as const)(
  "an epoch's loss does not depend on the batches either, penalties included, on the %s engine",
  async (name) => {
    const engine = name === "wasm" ? await wasm({ threads: 1 }) : reference();
    const epoch = async (batchSize: number, loss: Loss<Tensor>): Promise<EndEvent> => {
      let end: EndEvent | undefined;
      for await (const event of fit(dense(3), {
        train: twelve,
        validation: twelve,
        loss,
        penalties: [l2(0.1)],
        optimizer: still,
        batchSize,
        engine,
      }))
        if (event.type === "end") end = event;
      return end!;
    };
    for (const loss of [
      ignored,
      summed,
      composed["and a mean"]!,
      composed["by weights of one's own"]!,
      composed["by weights, and more"]!,
    ]) {
      const whole = await epoch(12, loss);
      expect(whole.history[0]!.train["loss"]).toBeGreaterThan(
        whole.history[0]!.validation!["loss"]! + 0.01,
      ); // the penalty
      for (const batchSize of [8, 5, 4, 3, 1]) {
        const { reason, history } = await epoch(batchSize, loss);
        expect(reason).toBe("done"); // although a batch may be ignored as a whole
        expect(history[0]!.train["loss"]).toBeCloseTo(whole.history[0]!.train["loss"]!, 5);
        expect(history[0]!.validation!["loss"]).toBeCloseTo(
          whole.history[0]!.validation!["loss"]!,
          5,
        );
      }
    }
  },
);

test.each([
  ["reference", reference()],
  ["wasm", await wasm({ threads: 1 })],
] as const)(
  "losses made of others are, over any batches, what they are of all examples, on the %s engine",
  async (_, engine) => {
    const data = dataset({
      x: array([6, 1], [1, 2, 3, 4, 5, 6]),
      y: array([6], [0, 1, 9, 9, 9, 1], "int32"),
    });
    const model: Layer<Tensor> = {
      ...same,
      forward: (x) =>
        x
          .mul(0)
          .add(0.5)
          .broadcastTo([x.shape[0]!, 2])
          .add(tensor([0, 0])),
    };
    const ce: Loss<Tensor> = (p, t) => crossEntropy(p, t, { ignoreIndex: 9 });
    const cases: readonly (readonly [Loss<Tensor>, number])[] = [
      [ce, Math.LN2],
      [(p, t) => ce(p, t).add(0), Math.LN2],
      [(p, t) => ce(p, t).add(1), Math.LN2 + 1],
      [(p, t) => ce(p, t).add(p.square().mean().mul(0.01)), Math.LN2 + 0.0025],
      [
        (p, t) => crossEntropy(p, t, { ignoreIndex: 9, reduction: "sum" }).mul(2).add(ce(p, t)),
        7 * Math.LN2,
      ],
      [(p, t) => crossEntropy(p, t, { ignoreIndex: 9, reduction: "none" }).sum(), 3 * Math.LN2],
      // A constant is none of the batch's, even where it is as large.
      [(p) => p.sum().div(2), 3],
      [(p) => p.sum().div(6), 1],
    ];
    for (const [loss, whole] of cases)
      for (const batchSize of [6, 4, 3, 2, 1])
        expect(
          (await evaluate(model, { params: {}, data, loss, batchSize, engine }))["loss"],
        ).toBeCloseTo(whole, 5);
  },
);

test("what is no sum of sums and means is weighted by examples", async () => {
  const loss: Loss<Tensor> = (p) => p.square().mean().sqrt();
  const data = dataset({ x: array([3, 1], [1, 1, 4]), y: array([3], [0, 0, 0], "int32") });
  expect((await evaluate(same, { params: {}, data, loss, batchSize: 2 }))["loss"]).toBeCloseTo(
    (2 * 1 + 4) / 3,
    6,
  );
  // Examples that know of each other, and a loss for batches of one size.
  const centred: Loss<Tensor> = (p) => p.sub(p.mean(0, true)).abs().sum();
  expect(
    (await evaluate(same, { params: {}, data, loss: centred, batchSize: 3 }))["loss"],
  ).toBeCloseTo(4, 5);
  const fixed: Loss<Tensor> = (p) => p.mul(tensor([[1], [2], [3]])).sum();
  expect(
    (await evaluate(same, { params: {}, data, loss: fixed, batchSize: 3 }))["loss"],
  ).toBeCloseTo(15, 5);
});

test("something over nothing is still infinite, and ends the run", async () => {
  const wrong: Loss<Tensor> = (p, t) => p.square().sum().div(t.notEqual(none).sum());
  let end: EndEvent | undefined;
  for await (const event of fit(dense(3), {
    train: twelve,
    loss: wrong,
    optimizer: still,
    batchSize: 1,
  }))
    if (event.type === "end") end = event;
  expect(end!.reason).toBe("nonFinite");
});

test("a run with a loss of several parts goes on bit for bit in the middle of an epoch", async () => {
  const options = {
    train: twelve,
    loss: composed["by weights, and more"]!,
    penalties: [l2(0.1)],
    optimizer: still,
    batchSize: 5,
    epochs: 2,
    engine: await wasm({ threads: 1 }),
  };
  const ended = async (more: object = {}, until = Infinity): Promise<EndEvent> => {
    const stop = new AbortController();
    let end: EndEvent | undefined;
    for await (const event of fit(dense(3), { ...options, signal: stop.signal, ...more })) {
      if (event.type === "step" && event.step === until) stop.abort();
      if (event.type === "end") end = event;
    }
    return end!;
  };
  const whole = await ended();
  const part = await ended({}, 4);
  const metadata = JSON.parse(JSON.stringify(metadataOf(part.snapshot))) as Record<string, string>;
  const resume = snapshotFrom(part.snapshot.arrays, metadata);
  expect([resume.progress.batch, resume.progress.lossParts.length]).toEqual([1, 3]);
  expect((await ended({ resume })).history).toEqual(whole.history);
  await expect(ended({ resume, loss: ignored, penalties: [] })).rejects.toThrow(
    "resume: expected a loss of 3 parts, as in the epoch that the snapshot is in the middle " +
      "of, got one of 1",
  );
});

test("snapshots of before, with one part and penalties, are read", async () => {
  const of = (more: object): readonly unknown[] =>
    snapshotFrom(
      {},
      {
        "tenon.progress": JSON.stringify({
          seed: 1,
          batchSize: 2,
          step: 1,
          epoch: 0,
          batch: 1,
          examples: 2,
          metrics: [],
          stopper: null,
          stopped: false,
          history: [],
          best: { epoch: 0, value: null },
          ...more,
        }),
      },
    ).progress.lossParts;
  expect(of({ lossSum: 3 })).toEqual([{ total: 3, weight: 2 }]);
  expect(of({ lossSum: 3, weight: 5, penaltySum: 7 })).toEqual([
    { total: 3, weight: 5 },
    { total: 7, weight: 2 },
  ]);
  expect(of({ lossSum: 0, examples: 0, weight: 0, penaltySum: 0 })).toEqual([]);
  expect(() => of({ lossSum: "3" })).toThrow('to say lossSum, a number, got "3"');
});

test("a dataset of which nothing counts has no loss", async () => {
  const data = dataset({
    x: array([2, 3], [1, 2, 3, 4, 5, 6]),
    y: array([2], [none, none], "int32"),
  });
  expect(await evaluate(same, { params: {}, data, loss: ignored })).toEqual({ loss: NaN });
  const right = dataset({
    x: array([12, 3], logits),
    y: array(
      [12],
      labels.map((label) => Math.max(0, label)),
      "int32",
    ),
  });
  const scores = await Promise.all(
    [12, 5, 1].map((batchSize) =>
      evaluate(same, {
        params: {},
        data: right,
        loss: crossEntropy,
        metrics: [accuracy],
        batchSize,
      }),
    ),
  );
  expect(new Set(scores.map(({ accuracy: share }) => share)).size).toBe(1);
});
