import type { RunEvent } from "../addEvent.js";
import type { DataMeasures, LayerSetup, RunRecord, Setup } from "../record.js";
import type { Pair } from "./pair.js";
import { data, layers, recordOf, setup, stepsOf, type Said } from "./records.js";

const withSetup = (more: Partial<Setup>, events: readonly RunEvent[] = []): RunRecord =>
  recordOf(events, { setup: { ...setup, ...more }, data });
const withData = (more: Partial<DataMeasures>, events: readonly RunEvent[] = []): RunRecord =>
  recordOf(events, { setup, data: { ...data, ...more } });
const ended = (type: string, more = {}) => [...layers, { path: `${type}1`, type, ...more }];
const always = (said: Said) => (): Said => said;
const start = Math.log(4);
const prices = { mean: 2e5, std: 8e4, min: 4e4, max: 9e5 };
const binary = { ...setup, loss: "binaryCrossEntropy" };
const linear = layers.slice(-1);
const normed = [
  layers[0]!,
  { path: "batchNorm1", type: "batchNorm", output: [16], momentum: 0.99 },
  ...layers.slice(1),
];

/** Two layers whose kernels begin with these values, and a layer of this type between them. */
const ofConstants = (first?: number, second?: number, between = "relu"): RunRecord => {
  const beginning = (layer: LayerSetup, constant?: number): LayerSetup => ({
    ...layer,
    ...(constant !== undefined && { constant }),
  });
  const middle = { ...layers[1]!, type: between };
  return withSetup({
    layers: [beginning(layers[0]!, first), middle, beginning(layers[2]!, second)],
  });
};

/** Of rules that read the set-up, the data and the first step. */
export const pairsOfSetups: readonly Pair[] = [
  [
    "lossDoesNotFit",
    "softmax",
    withSetup({ layers: ended("softmax", { range: [0, 1] }) }),
    withSetup({ layers: ended("logSoftmax", { range: undefined }) as never }),
  ],
  [
    "lossDoesNotFit",
    "sigmoid",
    withSetup({ layers: ended("sigmoid"), loss: "binaryCrossEntropy" }),
    withSetup({ layers: ended("sigmoid"), loss: "poisson" }),
  ],
  ["lossDoesNotFit", "bounded", withSetup({ layers: ended("relu") }), withSetup({})],
  ["lossDoesNotFit", "oneOutput", withSetup({ classes: 1 }), withSetup({ classes: 2 })],
  [
    "lossDoesNotFit",
    "outOfReach",
    withSetup({ layers: ended("tanh", { range: [-1, 1] }), loss: "mse" }),
    withSetup({ layers: ended("relu"), loss: "mse" }),
  ],
  [
    "noNonlinearity",
    undefined,
    withSetup({ layers: layers.filter(({ type }) => type !== "relu") }),
    withSetup({ layers: layers.slice(-1) }),
  ],
  ["equalUnits", undefined, ofConstants(0.1, 0), ofConstants(0.1, undefined)],
  // Where both are 0 other rules speak; a dropout treats units differently.
  ["equalUnits", undefined, ofConstants(0, 0.1), ofConstants(0, 0)],
  ["equalUnits", undefined, ofConstants(0.1, 0.1), ofConstants(0.1, 0.1, "dropout")],
  [
    "batchNormOfOne",
    "one",
    withSetup({ layers: normed, batchSize: 1 }),
    withSetup({ batchSize: 1 }),
  ],
  [
    "batchNormOfOne",
    "last",
    withSetup({ layers: normed, examples: 641 }),
    withSetup({ layers: normed, examples: 641, dropLast: true }),
  ],
  [
    "labelsOutOfRange",
    "fromOne",
    withData({ targets: { mean: 2.5, std: 1, min: 1, max: 4 } }),
    withData({ targets: { mean: 2.5, std: 1, min: 1, max: 3 } }),
  ],
  [
    "missingClass",
    "whole",
    withData({ classCounts: [213, 214, 0, 213] }),
    withData({ classCounts: [20, 20, 0, 19] }),
  ],
  ["constantInputs", "all", withData({ constantFeatures: 1 }), withData({ constantFeatures: 0.5 })],
  [
    "constantInputs",
    "batch",
    recordOf(stepsOf([1.4], always({ input: { mean: 2, std: 0 } })), { setup }),
    recordOf(stepsOf([1.4], always({ input: { mean: 0.5, std: 0.1 } })), { setup }),
  ],
  [
    "unscaledInputs",
    "large",
    withData({ input: { mean: 33, std: 78, min: 0, max: 255 } }),
    withData({ input: { mean: 0.13, std: 0.31, min: 0, max: 1 } }),
  ],
  [
    "unscaledInputs",
    "small",
    withData({ input: { mean: 5e-4, std: 1.2e-3, min: 0, max: 4e-3 } }),
    withData({ input: { mean: 5e-3, std: 1.2e-2, min: 0, max: 4e-2 } }),
  ],
  ["unscaledInputs", "unequal", withData({ scaleRatio: 150 }), withData({ scaleRatio: 50 })],
  [
    "unscaledInputs",
    "targets",
    recordOf([], { setup: { ...setup, loss: "mse" }, data: { ...data, targets: prices } }),
    recordOf([], { setup: { ...setup, loss: "poisson" }, data: { ...data, targets: prices } }),
  ],
  [
    "labelsOutOfRange",
    "binary",
    recordOf([], { setup: binary, data: { ...data, targets: { ...prices, min: 1, max: 2 } } }),
    recordOf([], { setup: binary, data: { ...data, targets: { ...prices, min: 0, max: 1 } } }),
  ],
  [
    "missingClass",
    "read",
    withData({ classCounts: [100, 120, 0, 120] }),
    withData({ classCounts: [300, 150, 0, 19] }),
  ],
  // Rates that take a thousandth of a bias in the whole run, and rows of 12,000 features.
  [
    "decayOfBiases",
    "weak",
    withSetup({ decays: [{ path: "dense1/bias", shape: [16] }] }),
    withSetup({ decays: [{ path: "dense1/bias", shape: [16], rate: 1e-5 }] }),
  ],
  [
    "unscaledInputs",
    "small",
    withData({ input: { mean: 5e-4, std: 0.009, min: 0, max: 0.3 }, features: 784 }),
    withData({ input: { mean: 5e-4, std: 0.009, min: 0, max: 0.3 }, features: 12_000 }),
  ],
  ["unscaledInputs", "offCentre", withData({ offCentre: 12 }), withData({ offCentre: 8 })],
  [
    "initialValuesTooLarge",
    "lossOfLayer",
    recordOf(stepsOf([start + 3.1], always({ layers: { dense2: { std: 4 } } }))),
    recordOf(stepsOf([start + 2.9], always({ layers: { dense2: { std: 4 } } }))),
  ],
  [
    "initialValuesTooLarge",
    "layer",
    recordOf(stepsOf([start], always({ layers: { dense2: { std: 8 } } }))),
    recordOf(stepsOf([start], always({ layers: { dense2: { std: 7 } } }))),
  ],
  [
    "initialValuesTooSmall",
    undefined,
    recordOf(
      stepsOf([start], always({ layers: { dense1: { std: 5e-4 }, dense2: { std: 1e-4 } } })),
    ),
    recordOf(stepsOf([start], always({ layers: { dense2: { std: 1e-4 } } }))),
  ],
  [
    "decayOfBiases",
    "weak",
    withSetup({ decays: [{ path: "dense1/bias", shape: [16], rate: 1e-3 }] }),
    withSetup({ decays: [{ path: "dense1/kernel", shape: [16, 16], rate: 1e-5 }] }),
  ],
  [
    "decayOfBiases",
    "strong",
    withSetup({ decays: [{ path: "dense1/bias", shape: [16], rate: 6e-3 }] }),
    withSetup({ decays: [] }),
  ],
  [
    "batchNotLearnt",
    "stays",
    { ...recordOf([]), oneBatch: { learnt: false, first: 2.8, last: 1.3, steps: 200 } },
    {
      ...recordOf([]),
      oneBatch: { learnt: false, falling: true, first: 1.4, last: 1.3, steps: 200 },
    },
  ],
  [
    "batchNotLearnt",
    "rests",
    { ...recordOf([]), oneBatch: { learnt: false, first: 1.4, last: 0.8, steps: 200 } },
    {
      ...withSetup({ layers: linear }),
      oneBatch: { learnt: false, first: 1, last: 0.8, steps: 9 },
    },
  ],
  [
    "batchNormOfOne",
    "oneImage",
    withSetup({ layers: [{ ...normed[1]!, output: [4, 4, 16] }], batchSize: 1 }),
    withSetup({ layers: [{ ...normed[1]!, output: [4, 4, 16] }], batchSize: 2 }),
  ],
  [
    "labelsOutOfRange",
    "other",
    withData({ targets: { mean: 2.5, std: 1, min: 0, max: 9 } }),
    withData({ targets: { mean: 2.5, std: 1, min: 0, max: 3 } }),
  ],
  [
    "constantInputs",
    "most",
    withData({ constantFeatures: 0.95, features: 100 }),
    withData({ constantFeatures: 0.5, features: 100 }),
  ],
  [
    "initialValuesTooLarge",
    "loss",
    recordOf(stepsOf([start + 3.1], () => undefined)),
    recordOf(stepsOf([start + 2.9], () => undefined)),
  ],
];
