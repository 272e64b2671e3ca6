import type { Dataset, Layer, Loss } from "@tenon/contracts";
import { dataset } from "@tenon/data";
import * as losses from "@tenon/losses";
import { crossEntropy } from "@tenon/losses";
import { dense } from "@tenon/layers";
import { l2 } from "@tenon/regularizers";
import { average, reference, tensor, total, where, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate } from "./evaluate.js";
import type { EndEvent } from "./events.js";
import { fit } from "./fit.js";
import {
  array,
  classes,
  composed,
  cut,
  ignored,
  kinds,
  known,
  labels,
  logits,
  n,
  none,
  real,
  same,
  still,
  summed,
  twelve,
} from "./internal/testingLosses.js";

/**
 * A loss, and what its targets are: labels (−1 means nothing), or values of the predictions'
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
);

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
      [
        (p, t) => total(crossEntropy(p, t, { ignoreIndex: 9, reduction: "none" }).sum()),
        3 * Math.LN2,
      ],
      [(p) => total(p.sum()).div(2), 3],
      [(p, t) => ce(p, t).mul(2).sub(total(p.sum()).div(6)), 2 * Math.LN2 - 1],
      [(p, t) => tensor(2).mul(ce(p, t)), 2 * Math.LN2],
      [(p, t) => tensor(1).div(4).mul(ce(p, t)).div(tensor(2).neg()), -Math.LN2 / 8],
      [(p, t) => tensor(1).sub(ce(p, t)), 1 - Math.LN2],
      [(p, t) => ce(p, t).neg(), -Math.LN2],
      [(p, t) => ce(p, t).add(1).neg().mul(2), -2 * Math.LN2 - 2],
      [(p, t) => ce(p, t).mean(), Math.LN2],
      [(p, t) => ce(p, t).expandDims(0).add(1).sum(), Math.LN2 + 1],
    ];
    for (const [loss, whole] of cases)
      for (const batchSize of [6, 4, 3, 2, 1])
        expect(
          (await evaluate(model, { params: {}, data, loss, batchSize, engine }))["loss"],
        ).toBeCloseTo(whole, 5);
  },
);

test("a loss of one's own is weighted by its examples, unless it says how it is put together", async () => {
  const data = dataset({ x: array([3, 1], [1, 1, 4]), y: array([3], [0, 0, 0], "int32") });
  const scored = async (loss: Loss<Tensor>, batchSize: number): Promise<number> =>
    (await evaluate(same, { params: {}, data, loss, batchSize, engine: reference() }))["loss"]!;
  // Of batches [1, 1] and [4]: a root of a mean, a sum, and a mean that leaves out what is below 2.
  expect(await scored((p) => p.square().mean().sqrt(), 2)).toBeCloseTo((2 * 1 + 4) / 3, 6);
  expect(await scored((p) => p.sum(), 2)).toBeCloseTo((2 * 2 + 4) / 3, 6);
  expect(await scored((p) => total(p.sum()), 2)).toBe(6);
  const large = (p: Tensor): Tensor => p.greater(2);
  const aside = (p: Tensor): Tensor => p.mul(large(p)).sum();
  expect(await scored((p) => aside(p).div(large(p).sum().maximum(1)), 2)).toBeCloseTo(4 / 3, 6);
  expect(await scored((p) => average(aside(p), large(p).sum()), 2)).toBe(4);
  // What was declared is lost where a loss is more than added, subtracted and scaled.
  expect(await scored((p) => tensor(1).div(total(p.sum())), 2)).toBeCloseTo((2 / 2 + 1 / 4) / 3, 6);
  expect(await scored((p) => total(p.sum()).square(), 2)).toBeCloseTo((2 * 4 + 16) / 3, 6);
  // A loss for batches of one size.
  const fixed: Loss<Tensor> = (p) => p.mul(tensor([[1], [2], [3]])).sum();
  expect(await scored(fixed, 3)).toBeCloseTo(15, 5);
});
