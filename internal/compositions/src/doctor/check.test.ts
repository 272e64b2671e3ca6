import { checkSetup, measure, overfitOneBatch, setupOf, type CheckOptions } from "@tenon/doctor";
import {
  activation,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  inception,
  relu,
  residual,
  sequential,
  softmax,
} from "@tenon/layers";
import { crossEntropy, mse } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { subset } from "@tenon/data";
import { constant } from "@tenon/init";
import {
  adam,
  adamw,
  addDecayedWeights,
  chain,
  clipByGlobalNorm,
  lamb,
  lion,
  momentum,
  sgd,
} from "@tenon/optimizers";
import { ema, l2, maxNorm } from "@tenon/regularizers";
import { warmupCosine } from "@tenon/schedulers";
import type { Tensor } from "@tenon/tensor";
import { fit, statistics, type Observation } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";
import { blobs, labelled, mapped, shuffled, strokes } from "./data.js";

const train = labelled(strokes(320));
const model = sequential(dense(32), relu(), dense(4));
const options = async (
  more: Partial<CheckOptions<Tensor, Observation>> = {},
): Promise<CheckOptions<Tensor, Observation>> => ({
  ...{ fit, statistics, model, train, loss: crossEntropy, optimizer: adam({ learningRate: 0.01 }) },
  engine: await wasm({ threads: 1 }),
  ...more,
});
const ids = (findings: readonly { readonly id: string }[]): string[] =>
  findings.map(({ id }) => id);

test("a good set-up passes, and one batch is learnt by heart, with dropout too", async () => {
  const strong = sequential(dense(64), relu(), dropout(0.8), dense(4));
  for (const chosen of [model, strong]) {
    const { findings, oneBatch, record } = await checkSetup(await options({ model: chosen }));
    expect(findings).toEqual([]);
    expect(oneBatch).toMatchObject({ learnt: true });
    expect(oneBatch!.steps).toBeLessThan(200);
    expect(oneBatch!.last).toBeLessThan(0.1 * oneBatch!.first);
    expect(record.observed.length).toBe(4);
    expect(record.data!.classCounts).toEqual([80, 80, 80, 80]);
  }
});

test("a metric named accuracy may say that the batch is known, and a floor is subtracted", async () => {
  const smooth = (logits: Tensor, labels: Tensor): Tensor =>
    crossEntropy(logits, labels, { labelSmoothing: 0.2 });
  const given = await options({ loss: smooth, lossName: "crossEntropy" });
  expect((await overfitOneBatch(given)).learnt).toBe(false);
  const result = await overfitOneBatch({ ...given, metrics: [accuracy] });
  expect(result).toMatchObject({ learnt: true, findings: [] });
  // Of each target 0.85, and 0.05 for each of three others.
  const floor = -0.85 * Math.log(0.85) - 3 * 0.05 * Math.log(0.05);
  expect((await overfitOneBatch({ ...given, floor })).learnt).toBe(true);
});

test.each([
  ["lossDoesNotFit", { model: sequential(dense(8), relu(), dense(4), softmax()) }],
  ["unscaledInputs", { train: labelled(mapped(strokes(320), (x) => 255 * x)) }],
  ["constantInputs", { train: labelled(mapped(strokes(320), () => 1)) }],
  ["labelsOutOfRange", { model: sequential(dense(8), relu(), dense(3)) }],
  ["decayOfBiases", { optimizer: adamw({ learningRate: 0.01, weightDecay: 0.1 }) }],
  [
    "deadUnits",
    { model: sequential(dense(8, { biasInit: constant({ value: -30 }) }), relu(), dense(4)) },
  ],
  [
    "noGradient",
    {
      model: sequential(
        dense(8),
        activation("step", (x: Tensor) => x.sign()),
        dense(4),
      ),
    },
  ],
  ["batchNormOfOne", { model: sequential(dense(8), batchNorm(), dense(4)), batchSize: 1 }],
  ["learningRateTooHigh", { optimizer: sgd({ learningRate: 300 }) }],
  ["learningRateTooLow", { optimizer: adam({ learningRate: 1e-7 }) }],
] as const)("%s is found before training", async (id, more) => {
  const { findings } = await checkSetup(await options(more));
  expect(ids(findings)[0]).toBe(id);
});

test.each([
  ["sgd with a low rate", { optimizer: sgd({ learningRate: 0.02 }) }],
  ["adam with a low rate", { optimizer: adam({ learningRate: 1e-4 }) }],
  ["softmax regression", { model: sequential(dense(4)), optimizer: sgd({ learningRate: 0.05 }) }],
  [
    "linear and overlapping classes",
    { model: sequential(dense(8)), train: labelled(blobs(320, 8, 2, 2)) },
  ],
  [
    "overlapping classes",
    { model: sequential(dense(32), relu(), dense(8)), train: labelled(blobs(320, 8, 2, 2)) },
  ],
] as const)("a healthy set-up passes: %s", async (_, more) => {
  const { findings, oneBatch } = await checkSetup(await options(more));
  expect(findings, JSON.stringify(oneBatch)).toEqual([]);
  expect(oneBatch!.learnt).toBe(false);
});

test("weight decay that cannot be noticed in a run is not worth a hint", async () => {
  expect((await checkSetup(await options({ optimizer: adamw() }))).findings).toEqual([]);
});

test("all labels in memory are counted, also of a part and of examples not measured", async () => {
  const all = labelled({ rows: strokes(320).rows, targets: train.source.y.data as never });
  const few = await measure(all, { most: 10 });
  expect(few).toMatchObject({ examples: 10, classCounts: [80, 80, 80, 80] });
  expect(few.targets).toMatchObject({ min: 0, max: 3, mean: 1.5 });
  const part = subset(all, [0, 4, 1, 319]);
  expect(await measure(part, { most: 1, classes: 4 })).toMatchObject({ classCounts: [2, 1, 0, 1] });
});

test("a network too small for one batch is a warning, which says that the loss rests", async () => {
  const few = { model: sequential(dense(1), relu(), dense(8)), train: labelled(blobs(320, 8, 2)) };
  const { findings } = await checkSetup(await options({ ...few, steps: 2000 }));
  expect(findings).toMatchObject([{ id: "batchNotLearnt", kind: "rests", severity: "warning" }]);
});

test("one batch with shuffled labels is learnt by heart all the same", async () => {
  const mixed = labelled(shuffled(strokes(320)));
  expect((await overfitOneBatch(await options({ train: mixed }))).learnt).toBe(true);
});

test("what makes no sense is refused", async () => {
  const given = await options();
  await expect(checkSetup({ ...given, fit: 1 as never })).rejects.toThrow(
    "checkSetup: expected fit as a function, got 1",
  );
  await expect(overfitOneBatch({ ...given, steps: 0 })).rejects.toThrow(
    "overfitOneBatch: expected a whole steps ≥ 1, got 0",
  );
  await expect(checkSetup({ ...given, train: [] as never })).rejects.toThrow("train as a dataset");
});

test("the set-up of a model: its layers in order, and where each takes its input from", () => {
  const net = sequential(
    conv2d(4, 3, { padding: "same" }),
    residual([conv2d(4, 3, { padding: "same" }), batchNorm({ momentum: 0.9 }), relu()]),
    inception(conv2d(2, 1), [relu(), conv2d(3, 1)]),
    flatten(),
    dropout(0.25),
    dense(3),
  );
  const setup = setupOf(net, {
    input: [5, 5, 2],
    loss: crossEntropy,
    batchSize: 8,
    epochs: 2,
    train,
  });
  expect(setup).toMatchObject({
    ...{ classes: 3, loss: "crossEntropy", batchSize: 8, examples: 320, stepsPerEpoch: 40 },
    ...{ epochs: 2, input: [5, 5, 2], decays: [] },
  });
  expect(setup.layers!.map(({ path, from }) => [path, from])).toEqual([
    ["conv2d1", ""],
    ["residual1/body/conv2d1", "conv2d1"],
    ["residual1/body/batchNorm1", "residual1/body/conv2d1"],
    ["residual1/body/relu1", "residual1/body/batchNorm1"],
    ["inception1/branch1", "residual1"],
    ["inception1/branch2/relu1", "residual1"],
    ["inception1/branch2/conv2d1", "inception1/branch2/relu1"],
    ["flatten1", "inception1"],
    ["dropout1", "flatten1"],
    ["dense1", "dropout1"],
  ]);
  expect(setup.layers!.find(({ type }) => type === "dropout")!.rate).toBe(0.25);
  expect(setup.layers!.find(({ type }) => type === "batchNorm")!.momentum).toBe(0.9);
  const own = setupOf(dense(2), { input: [3], loss: (x: Tensor) => x });
  expect(own.layers).toMatchObject([{ path: "", type: "dense", from: "" }]);
  expect("loss" in own || "classes" in own).toBe(false);
});

const onlyKernels = (_: string, shape: readonly number[]): boolean => shape.length > 1;
test.each([
  ["adam", adam(), {}],
  ["momentum, clipped, averaged", chain(clipByGlobalNorm(1), momentum(), ema()), {}],
  ["a bound on norms", chain(adam(), maxNorm()), {}],
  ["adamw", adamw(), { "1/kernel": 1e-5, "1/bias": 1e-5, "2/kernel": 1e-5, "2/bias": 1e-5 }],
  ["adamw, only kernels", adamw({ only: onlyKernels }), { "1/kernel": 1e-5, "2/kernel": 1e-5 }],
  [
    "decay before sgd, from the second step on",
    chain(
      addDecayedWeights(0.1, { only: onlyKernels }),
      sgd({ learningRate: warmupCosine({ start: 0, peak: 0.2, warmup: 1, steps: 100 }) }),
    ),
    { "1/kernel": 0.02, "2/kernel": 0.02 },
  ],
  ["lion without decay", lion({ weightDecay: 0 }), {}],
  [
    "lamb, only biases",
    lamb({ weightDecay: 0.1, only: (path) => path.endsWith("bias") }),
    {
      "1/bias": undefined,
      "2/bias": undefined,
    },
  ],
] as const)("what decays with %s", (_, optimizer, expected: object) => {
  const decays = setupOf(model, { input: [64], optimizer, train, batchSize: 32 }).decays!;
  const found = decays.map(({ path, rate }) => [path.replace("dense", ""), rate] as const);
  expect(found.map(([path]) => path).sort()).toEqual(Object.keys(expected).sort());
  for (const [path, rate] of found) {
    const known = (expected as Readonly<Record<string, number | undefined>>)[path];
    if (known !== undefined) expect(rate).toBeCloseTo(known, 6);
  }
});

test("a penalty decays what it is asked to", () => {
  const { decays, penalties } = setupOf(model, {
    ...{ input: [64], loss: mse, penalties: [l2(0.01)] },
  });
  expect(penalties).toBe(true);
  expect(decays!.every(({ shape }) => shape.length > 1)).toBe(true);
  expect(decays).toHaveLength(2);
});

test("data is measured as it is", async () => {
  const { input, features, constantFeatures } = await measure(train);
  const all = Array.from(train.source.x.data);
  const mean = all.reduce((a, b) => a + b) / all.length;
  expect(features).toBe(64);
  expect(constantFeatures).toBe(0);
  expect(input.mean).toBeCloseTo(mean, 9);
  expect(input.std ** 2).toBeCloseTo(
    all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / all.length,
    9,
  );
});
