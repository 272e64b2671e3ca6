import type { Dataset, Layer, Loss, NDArray, Transform } from "@tenon/contracts";
import { dataset } from "@tenon/data";
import * as losses from "@tenon/losses";
import { crossEntropy } from "@tenon/losses";
import { dense } from "@tenon/layers";
import { accuracy } from "@tenon/metrics";
import { l2 } from "@tenon/regularizers";
import { average, reference, where, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate } from "./evaluate.js";
import type { EndEvent } from "./events.js";
import { fit } from "./fit.js";

/** A model that gives back what it is given. */
const same: Layer<Tensor> = { type: "same", plan: (output) => ({ output, params: {}, stats: {} }), forward: (x) => x, toJSON: () => ({ type: "same" }) };

const array = (shape: readonly number[], numbers: readonly number[], dtype: "float32" | "int32" = "float32"): NDArray =>
  ({ shape, dtype, data: dtype === "int32" ? Int32Array.from(numbers) : Float32Array.from(numbers) });

/** A dataset that is cut where it is said. */
function cut({ source: { x, y }, ...data }: ReturnType<typeof dataset>, sizes: readonly number[]): Dataset {
  const rows = ({ shape, dtype, data: numbers }: NDArray, from: number, to: number): NDArray => {
    const width = numbers.length / shape[0]!;
    return { shape: [to - from, ...shape.slice(1)], dtype, data: numbers.slice(from * width, to * width) };
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

const n = 24, classes = 3;
const real = fc.double({ min: -3, max: 3, noNaN: true });
const kinds = {
  labels: fc.integer({ min: -1, max: classes - 1 }),
  shares: fc.double({ min: 0.05, max: 1, noNaN: true }),
  bits: fc.constantFrom(0, 1),
  real,
} as const;
const none = -1;
const known = (t: Tensor): Tensor => t.maximum(0).cast("int32");

/** A loss, and what its targets are: labels (−1 means nothing), or numbers of the predictions' shape. */
const all: readonly (readonly [string, keyof typeof kinds, Loss<Tensor>])[] = [
  ["cross entropy of labels", "labels", (p, t) => crossEntropy(p, known(t))],
  ["… with labels to ignore", "labels", (p, t) => crossEntropy(p, t, { ignoreIndex: none })],
  ["… with class weights", "labels", (p, t) => crossEntropy(p, known(t), { classWeights: [1, 0.25, 7] })],
  ["… where a class has no weight", "labels", (p, t) => crossEntropy(p, known(t), { classWeights: [1, 0, 0] })],
  ["… with all of it, smoothed", "labels", (p, t) => crossEntropy(p, t, { ignoreIndex: none, classWeights: [1, 0.25, 7], labelSmoothing: 0.1 })],
  ["… as a sum", "labels", (p, t) => crossEntropy(p, t, { ignoreIndex: none, reduction: "sum" })],
  ["… doubled", "labels", (p, t) => crossEntropy(p, t, { ignoreIndex: none }).mul(2)],
  ["… of shares", "shares", (p, t) => crossEntropy(p, t, { classWeights: [1, 2, 3], labelSmoothing: 0.1 })],
  ["a masked mean of one's own", "labels", (p, t) => {
    const kept = t.notEqual(none);
    return average(where(kept, p.square().sum(-1), 0).sum(), kept.sum());
  }],
  ["mse as a sum", "real", (p, t) => losses.mse(p, t, { reduction: "sum" })],
  ["klDivergence", "shares", (p, t) => losses.klDivergence(p.logSoftmax(), t)],
  ["binaryCrossEntropy", "bits", (p, t) => losses.binaryCrossEntropy(p, t, { posWeight: [1, 2, 3], labelSmoothing: 0.1 })],
  ["binaryFocal", "bits", (p, t) => losses.binaryFocal(p, t, { alpha: 0.25 })],
  ["hinge", "bits", (p, t) => losses.hinge(p, t.mul(2).sub(1))],
  ...(["mse", "mae", "huber", "smoothL1", "logCosh", "cosineDistance", "categoricalHinge", "poisson"] as const).map((name) => [name, "real", (p: Tensor, t: Tensor) => losses[name](p, t)] as const),
  ["softMargin", "bits", (p, t) => losses.softMargin(p, t.mul(2).sub(1))],
];

test.each(all)("%s of a dataset does not depend on how it is cut into batches", async (_, kind, loss) => {
  await fc.assert(fc.asyncProperty(
    fc.array(real, { minLength: n * classes, maxLength: n * classes }),
    fc.array(kinds[kind] as fc.Arbitrary<number>, { minLength: n * classes, maxLength: n * classes }),
    fc.array(fc.nat(n), { maxLength: 8 }),
    async (x, y, cuts) => {
      const data = dataset({ x: array([n, classes], x), y: kind === "labels" ? array([n], y.slice(0, n), "int32") : array([n, classes], y) });
      const places = [...new Set([0, ...cuts, n])].sort((a, b) => a - b), sizes = places.slice(1).map((to, i) => to - places[i]!);
      const engine = reference({ precision: "float64" });
      const scored = async (of: Dataset): Promise<number> => (await evaluate(same, { params: {}, data: of, loss, engine }))["loss"]!;
      const whole = await scored(cut(data, [n])), parts = await scored(cut(data, sizes));
      if (Number.isNaN(whole)) expect(parts).toBeNaN();
      else expect(Math.abs(parts - whole)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(whole)));
    },
  ), { numRuns: 30 });
}, 30_000);

/** 12 examples of which 4 are ignored, three of them side by side. */
const logits = Array.from({ length: 12 * 3 }, (_, i) => Math.sin(i * i));
const labels = [0, 1, none, 2, none, none, none, 1, 0, 2, 2, 1];
const twelve = dataset({ x: array([12, 3], logits), y: array([12], labels, "int32") });
const ignoring: Loss<Tensor> = (p, t) => crossEntropy(p, t, { ignoreIndex: none });
/** The mean of −log softmax at the label, over what is not ignored, in float64. */
const expected = (() => {
  const each = labels.flatMap((label, i) => {
    const row = logits.slice(3 * i, 3 * i + 3), sum = row.reduce((total, x) => total + Math.exp(x), 0);
    return label === none ? [] : [Math.log(sum) - row[label]!];
  });
  return each.reduce((a, b) => a + b) / each.length;
})();

test.each(["reference", "wasm"] as const)("ignored labels count nowhere, even where a batch has no others, on the %s engine", async (name) => {
  const engine = name === "wasm" ? await wasm({ threads: 1 }) : reference();
  for (const batchSize of [12, 8, 5, 4, 3, 1]) {
    expect((await evaluate(same, { params: {}, data: twelve, loss: ignoring, batchSize, engine }))["loss"]).toBeCloseTo(expected, 6);
  }
});

/** Moves nothing, so that the loss of an epoch is that of its start. */
const still: Transform = { name: "still", slots: () => ({}), update: (flow) => ({ ...flow, updates: Object.fromEntries(Object.entries(flow.updates).map(([path, g]) => [path, g.mul(0)])) }) };

test.each(["reference", "wasm"] as const)("an epoch's loss does not depend on the batches either, penalties included, on the %s engine", async (name) => {
  const engine = name === "wasm" ? await wasm({ threads: 1 }) : reference();
  const epoch = async (batchSize: number, loss: Loss<Tensor>): Promise<EndEvent> => {
    let end: EndEvent | undefined;
    for await (const event of fit(dense(3), { train: twelve, validation: twelve, loss, penalties: [l2(0.1)], optimizer: still, batchSize, engine })) if (event.type === "end") end = event;
    return end!;
  };
  for (const loss of [ignoring, ((p, t) => crossEntropy(p, t, { ignoreIndex: none, reduction: "sum" })) as Loss<Tensor>]) {
    const whole = await epoch(12, loss);
    expect(whole.history[0]!.train["loss"]).toBeGreaterThan(whole.history[0]!.validation!["loss"]! + 0.01); // the penalty
    for (const batchSize of [8, 5, 4, 3, 1]) {
      const { reason, history } = await epoch(batchSize, loss);
      expect(reason).toBe("done"); // although a batch may be ignored as a whole
      expect(history[0]!.train["loss"]).toBeCloseTo(whole.history[0]!.train["loss"]!, 5);
      expect(history[0]!.validation!["loss"]).toBeCloseTo(whole.history[0]!.validation!["loss"]!, 5);
    }
  }
});

test("a dataset of which nothing counts has no loss", async () => {
  const data = dataset({ x: array([2, 3], [1, 2, 3, 4, 5, 6]), y: array([2], [none, none], "int32") });
  expect(await evaluate(same, { params: {}, data, loss: ignoring })).toEqual({ loss: NaN });
  const right = dataset({ x: array([12, 3], logits), y: array([12], labels.map((label) => Math.max(0, label)), "int32") });
  const scores = await Promise.all([12, 5, 1].map((batchSize) => evaluate(same, { params: {}, data: right, loss: crossEntropy, metrics: [accuracy], batchSize })));
  expect(new Set(scores.map(({ accuracy: share }) => share)).size).toBe(1);
});
