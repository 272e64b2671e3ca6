import type { FindingId } from "@tenon/doctor";
import { constant, heNormal, normal } from "@tenon/init";
import {
  activation,
  batchNorm,
  dense,
  dropout,
  leakyRelu,
  relu,
  sequential,
  sigmoid,
  softmax,
  softplus,
  tanh,
} from "@tenon/layers";
import { binaryCrossEntropy, crossEntropy, mse } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { adam, adamw, chain, clipByGlobalNorm, sgd } from "@tenon/optimizers";
import { cosineDecay, exponentialDecay } from "@tenon/schedulers";
import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import {
  blobs,
  labelled,
  mapped,
  parted,
  shuffled,
  spirals,
  strokes,
  valued,
  waves,
} from "./data.js";
import type { Outcome, Run } from "./run.js";

/** A network that was made sick on purpose, and the same one after the tip was followed. */
export interface Case {
  readonly name: string;
  readonly expected: FindingId;
  readonly kind?: string;
  /** Another network with the same sickness, for `npm run test:long`. */
  readonly long?: true;
  readonly sick: Run;
  readonly cured: Run;
  /** Whether a run has learnt. */
  readonly learnt: (outcome: Outcome) => boolean;
}

const repeated = (count: number, make: () => Layer<Tensor>[]): Layer<Tensor>[] =>
  Array.from({ length: count }, make).flat();

const isAccurate =
  (least: number) =>
  ({ scores }: Outcome): boolean =>
    (scores["accuracy"] ?? 0) >= least;
const isClose =
  (most: number) =>
  ({ scores }: Outcome): boolean =>
    (scores["loss"] ?? Infinity) <= most;

const log = () => activation("log", (x) => x.log());

const classes = { loss: crossEntropy, metrics: [accuracy] } as const;
const clouds = parted(blobs(480, 4, 8), 384, labelled);
const images = parted(strokes(480), 384, labelled);
const curls = parted(spirals(600), 480, labelled);
const withOutlier = {
  rows: waves(384).rows.map((row, i) => (i === 200 ? row.map((x) => 100 * x) : row)),
  targets: waves(384).targets,
};
// The line explains a third of their variance.
const steepWaves = {
  rows: waves(480).rows,
  targets: waves(480).rows.map(([x, y]) => 1.2 * Math.sin(3 * x!) + 0.6 * y!),
};
const values = parted(waves(480), 384, valued);

const mlp = (...options: Parameters<typeof dense>[1][]): Layer<Tensor> =>
  sequential(dense(32, options[0]), relu(), dense(32, options[0]), relu(), dense(4, options[0]));

const deep = (kernelInit = heNormal(), act: () => Layer<Tensor> = relu, layers = 8) =>
  sequential(...repeated(layers, () => [dense(16, { kernelInit }), act()]), dense(4));

const base = { ...classes, data: clouds, optimizer: adam({ learningRate: 0.01 }), epochs: 8 };

export const cases: readonly Case[] = [
  {
    name: "eight sigmoid layers",
    expected: "vanishingGradients",
    sick: { ...base, model: deep(undefined, sigmoid) },
    cured: { ...base, model: deep() },
    learnt: isAccurate(0.95),
  },
  {
    name: "an example a hundred times as large as the others",
    expected: "explodingGradients",
    kind: "spike",
    sick: {
      model: sequential(dense(32), relu(), dense(1)),
      data: { ...values, train: valued(withOutlier) },
      loss: mse,
      optimizer: sgd({ learningRate: 0.05 }),
      epochs: 20,
      every: 1,
    },
    get cured() {
      return { ...this.sick, optimizer: chain(clipByGlobalNorm(1), sgd({ learningRate: 0.05 })) };
    },
    learnt: isClose(0.3),
  },
  {
    name: "biases of −4 before ReLUs",
    expected: "deadUnits",
    sick: {
      ...base,
      model: sequential(dense(32, { biasInit: constant({ value: -4 }) }), relu(), dense(4)),
    },
    cured: { ...base, model: sequential(dense(32), leakyRelu(), dense(4)) },
    learnt: isAccurate(0.95),
  },
  {
    name: "biases of 5 before tanhs",
    expected: "saturatedUnits",
    sick: {
      ...base,
      optimizer: sgd({ learningRate: 0.1 }),
      model: sequential(
        ...repeated(2, () => [dense(32, { biasInit: constant({ value: 5 }) }), tanh()]),
        dense(4),
      ),
    },
    cured: {
      ...base,
      optimizer: sgd({ learningRate: 0.1 }),
      model: sequential(
        ...repeated(2, () => [
          dense(32, { biasInit: constant({ value: 5 }) }),
          batchNorm({ momentum: 0.9 }),
          tanh(),
        ]),
        dense(4),
      ),
    },
    learnt: isAccurate(0.95),
  },
  {
    name: "kernels drawn with a standard deviation of 2",
    expected: "initialValuesTooLarge",
    sick: {
      ...base,
      model: mlp({ kernelInit: normal({ std: 2 }) }),
      optimizer: sgd({ learningRate: 0.05 }),
    },
    cured: {
      ...base,
      model: mlp({ kernelInit: heNormal() }),
      optimizer: sgd({ learningRate: 0.05 }),
    },
    learnt: isClose(0.2),
  },
  {
    name: "kernels drawn with a standard deviation of 0.001",
    expected: "initialValuesTooSmall",
    sick: {
      ...base,
      model: mlp({ kernelInit: normal({ std: 1e-3 }) }),
      optimizer: sgd({ learningRate: 0.1 }),
    },
    cured: {
      ...base,
      model: mlp({ kernelInit: heNormal() }),
      optimizer: sgd({ learningRate: 0.1 }),
    },
    learnt: isAccurate(0.95),
  },
  {
    name: "kernels of zeros",
    long: true,
    expected: "initialValuesTooSmall",
    sick: { ...base, model: mlp({ kernelInit: constant({ value: 0 }) }) },
    cured: { ...base, model: mlp({ kernelInit: heNormal() }) },
    learnt: isAccurate(0.95),
  },
  {
    name: "pixels from 0 to 255",
    expected: "unscaledInputs",
    kind: "large",
    sick: {
      ...base,
      data: parted(
        mapped(strokes(480), (x) => 255 * x),
        384,
        labelled,
      ),
      model: mlp(),
      optimizer: sgd({ learningRate: 0.1 }),
      epochs: 15,
    },
    cured: {
      ...base,
      data: images,
      model: mlp(),
      optimizer: sgd({ learningRate: 0.1 }),
      epochs: 15,
    },
    learnt: isAccurate(0.95),
  },
  {
    name: "two features in other units than the others",
    long: true,
    expected: "unscaledInputs",
    kind: "unequal",
    sick: {
      model: sequential(dense(32), relu(), dense(1)),
      data: parted(
        mapped(waves(480), (x, i) => (i < 2 ? x / 500 : x)),
        384,
        valued,
      ),
      loss: mse,
      optimizer: sgd({ learningRate: 0.05 }),
      epochs: 20,
    },
    get cured() {
      return { ...this.sick, data: values };
    },
    learnt: isClose(0.1),
  },
  {
    name: "images that were never read",
    expected: "constantInputs",
    sick: {
      ...base,
      data: parted(
        mapped(strokes(480), () => 0.5),
        384,
        labelled,
      ),
      model: mlp(),
    },
    cured: { ...base, data: images, model: mlp() },
    learnt: isAccurate(0.95),
  },
  {
    name: "a learning rate of 0.5 with Adam",
    long: true,
    expected: "learningRateTooHigh",
    sick: { ...base, model: deep(undefined, relu, 4), optimizer: adam({ learningRate: 0.5 }) },
    cured: { ...base, model: deep(undefined, relu, 4), optimizer: adam({ learningRate: 0.05 }) },
    learnt: isAccurate(0.95),
  },
  {
    name: "a learning rate of 1 with gradient descent",
    expected: "learningRateTooHigh",
    sick: {
      model: sequential(dense(32), relu(), dense(1)),
      data: values,
      loss: mse,
      optimizer: sgd({ learningRate: 1 }),
      epochs: 10,
    },
    get cured() {
      return { ...this.sick, optimizer: sgd({ learningRate: 0.1 }) };
    },
    learnt: isClose(0.1),
  },
  {
    name: "a learning rate of 1e-6",
    expected: "learningRateTooLow",
    sick: { ...base, model: mlp(), optimizer: adam({ learningRate: 1e-6 }) },
    cured: { ...base, model: mlp(), optimizer: adam({ learningRate: 1e-2 }) },
    learnt: isAccurate(0.95),
  },
  {
    name: "a rate that is divided by ten every four epochs",
    expected: "rateDecayedTooEarly",
    sick: {
      ...base,
      data: images,
      model: mlp(),
      optimizer: adam({
        learningRate: exponentialDecay({ start: 0.003, decayRate: 0.1, steps: 50 }),
      }),
      epochs: 30,
    },
    get cured() {
      const learningRate = cosineDecay({ start: 0.003, steps: 360 });
      return { ...this.sick, optimizer: adam({ learningRate }) };
    },
    learnt: isAccurate(0.95),
  },
  {
    name: "labels that were shuffled apart from their examples",
    expected: "notLearning",
    sick: { ...base, data: parted(shuffled(strokes(960)), 768, labelled), model: mlp() },
    cured: { ...base, data: parted(strokes(960), 768, labelled), model: mlp() },
    learnt: isAccurate(0.95),
  },
  {
    name: "labels counted from 1",
    expected: "labelsOutOfRange",
    kind: "fromOne",
    sick: {
      ...base,
      data: parted(
        { ...blobs(480, 4, 8), targets: blobs(480, 4, 8).targets.map((y) => y + 1) },
        384,
        labelled,
      ),
      model: mlp(),
    },
    cured: { ...base, model: mlp() },
    learnt: isAccurate(0.95),
  },
  {
    name: "a class whose file is missing",
    expected: "missingClass",
    sick: {
      ...base,
      data: {
        train: labelled({
          rows: strokes(384).rows.filter((_, i) => i % 4 !== 2),
          targets: strokes(384).targets.filter((y) => y !== 2),
        }),
        validation: images.validation,
      },
      model: mlp(),
    },
    cured: { ...base, data: images, model: mlp() },
    learnt: isAccurate(0.95),
  },
  {
    name: "forty examples, and a hundred epochs",
    expected: "overfitting",
    sick: {
      ...base,
      data: parted(blobs(440, 4, 8, 1.2), 40, labelled),
      model: sequential(dense(128), relu(), dense(128), relu(), dense(4)),
      epochs: 40,
      batchSize: 8,
    },
    cured: {
      ...base,
      data: parted(blobs(1200, 4, 8, 1.2), 800, labelled),
      model: sequential(dense(128), relu(), dropout(0.5), dense(128), relu(), dense(4)),
      epochs: 4,
    },
    learnt: isClose(0.55),
  },
  {
    name: "a linear model of a wave",
    expected: "underfitting",
    sick: {
      model: dense(1),
      data: parted(steepWaves, 384, valued),
      loss: mse,
      optimizer: adam({ learningRate: 0.03 }),
      epochs: 20,
    },
    get cured() {
      return { ...this.sick, model: sequential(dense(64), relu(), dense(64), relu(), dense(1)) };
    },
    learnt: isClose(0.3),
  },
  {
    name: "a dropout of 0.95",
    expected: "dropoutTooStrong",
    sick: {
      ...base,
      data: images,
      model: sequential(dense(32), relu(), dropout(0.95), dense(4)),
    },
    cured: {
      ...base,
      data: images,
      model: sequential(dense(32), relu(), dropout(0.2), dense(4)),
    },
    learnt: ({ scores }) => scores["train"]! < 0.5,
  },
  {
    name: "strong weight decay on norms",
    expected: "decayOfBiases",
    kind: "strong",
    sick: {
      ...base,
      model: sequential(
        dense(16),
        batchNorm({ momentum: 0.9 }),
        relu(),
        dense(4),
        batchNorm({ momentum: 0.9 }),
      ),
      optimizer: adamw({ learningRate: 0.01, weightDecay: 10 }),
    },
    get cured() {
      return {
        ...this.sick,
        optimizer: adamw({
          learningRate: 0.01,
          weightDecay: 10,
          only: (_, shape) => shape.length > 1,
        }),
      };
    },
    learnt: ({ scores }) => scores["train"]! < 0.5,
  },
  {
    name: "batches of one before a batch norm",
    expected: "batchNormOfOne",
    sick: {
      ...base,
      model: sequential(dense(16), batchNorm(), relu(), dense(4)),
      batchSize: 1,
      epochs: 1,
    },
    cured: {
      ...base,
      model: sequential(dense(16), batchNorm({ momentum: 0.9 }), relu(), dense(4)),
      batchSize: 16,
    },
    learnt: isAccurate(0.95),
  },
  {
    name: "running statistics that have not arrived",
    expected: "batchNormStatistics",
    sick: {
      ...base,
      data: parted(
        mapped(blobs(480, 4, 8), (x) => x + 3),
        384,
        labelled,
      ),
      model: sequential(dense(32), batchNorm({ momentum: 0.999 }), relu(), dense(4)),
    },
    cured: {
      ...base,
      data: parted(
        mapped(blobs(480, 4, 8), (x) => x + 3),
        384,
        labelled,
      ),
      model: sequential(dense(32), batchNorm({ momentum: 0.9 }), relu(), dense(4)),
    },
    learnt: isAccurate(0.95),
  },
  {
    name: "a softmax before the cross entropy",
    expected: "lossDoesNotFit",
    kind: "softmax",
    sick: {
      ...base,
      data: images,
      model: sequential(dense(32), relu(), dense(4), softmax()),
      optimizer: sgd({ learningRate: 0.1 }),
      epochs: 15,
    },
    cured: {
      ...base,
      data: images,
      model: sequential(dense(32), relu(), dense(4)),
      optimizer: sgd({ learningRate: 0.1 }),
      epochs: 15,
    },
    learnt: isClose(0.4),
  },
  {
    name: "a sigmoid before the binary cross entropy",
    long: true,
    expected: "lossDoesNotFit",
    kind: "sigmoid",
    sick: {
      model: sequential(dense(32), relu(), dense(1), sigmoid()),
      data: parted(blobs(480, 2, 8), 384, valued),
      loss: binaryCrossEntropy,
      optimizer: adam({ learningRate: 0.01 }),
      epochs: 8,
    },
    get cured() {
      return { ...this.sick, model: sequential(dense(32), relu(), dense(1)) };
    },
    learnt: isClose(0.2),
  },
  {
    name: "the logarithm of a ReLU",
    expected: "nonFinite",
    kind: "layer",
    sick: { ...base, model: sequential(dense(32), relu(), log(), dense(4)) },
    cured: { ...base, model: sequential(dense(32), softplus(), log(), dense(4)) },
    learnt: isAccurate(0.95),
  },
  {
    name: "linear layers in a row",
    expected: "noNonlinearity",
    sick: { ...base, data: curls, model: sequential(dense(32), dense(32), dense(2)), epochs: 20 },
    cured: {
      ...base,
      data: curls,
      model: sequential(dense(32), relu(), dense(32), relu(), dense(2)),
      epochs: 20,
    },
    learnt: isAccurate(0.95),
  },
  {
    name: "a step function inside the network",
    expected: "noGradient",
    sick: {
      ...base,
      data: curls,
      model: sequential(
        dense(4),
        activation("step", (x) => x.sign()),
        dense(2),
      ),
      epochs: 20,
    },
    cured: {
      ...base,
      data: curls,
      model: sequential(dense(32), relu(), dense(32), relu(), dense(2)),
      epochs: 20,
    },
    learnt: isAccurate(0.9),
  },
];
