import {
  activation,
  batchNorm,
  dense,
  dropout,
  relu,
  sequential,
  sigmoid,
  softmax,
  softplus,
} from "@tenon/layers";
import { binaryCrossEntropy, mse } from "@tenon/losses";
import { adam, adamw, sgd } from "@tenon/optimizers";
import { l1, l2 } from "@tenon/regularizers";
import { blobs, labelled, mapped, parted, shuffled, strokes, valued } from "./data.js";
import {
  isAccurate,
  isClose,
  log,
  images,
  curls,
  steepWaves,
  mlp,
  base,
  type Case,
} from "./sickCase.js";

/** Sick in what is learnt: targets, capacity, regularization, norms, losses. */
export const sickLearning: readonly Case[] = [
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
    name: "a penalty of 0.3 on the squares of weights",
    expected: "penaltyTooStrong",
    kind: "shrunk",
    sick: { ...base, data: images, model: mlp(), penalties: [l2(0.3)] },
    get cured() {
      return { ...this.sick, penalties: [l2(0.001)] };
    },
    learnt: isAccurate(0.95),
  },
  {
    name: "a penalty of 1 on the sizes of weights, which jump around 0",
    expected: "penaltyTooStrong",
    kind: "outweighs",
    sick: {
      ...base,
      data: images,
      model: mlp(),
      penalties: [l1(1)],
      optimizer: sgd({ learningRate: 0.1 }),
    },
    get cured() {
      return { ...this.sick, penalties: [l1(1e-4)], epochs: 15 };
    },
    learnt: isAccurate(0.9),
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
