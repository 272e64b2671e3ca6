import type { Layer, Transform } from "@tenon/contracts";
import { experiment, linesOf, type Experiment } from "@tenon/experiments";
import { glorotUniform, heNormal } from "@tenon/init";
import {
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  layerNorm,
  maxPool2d,
  relu,
  sequential,
  sigmoid,
  tanh,
  weightNorm,
} from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import {
  adagrad,
  adam,
  adamw,
  chain,
  momentum,
  normalizedGradient,
  rmsprop,
  scaleByLearningRate,
  sgd,
} from "@tenon/optimizers";
import type { Tensor } from "@tenon/tensor";
import { curveOf, diagnose, finalOf, statistics } from "@tenon/trainer";
import type { SandboxArm, Subject } from "../protocol.js";
import { sandboxCode } from "./sandboxCode.js";

type Model = Layer<Tensor>;

const rules: Readonly<Record<string, (options: { learningRate: number }) => Transform>> = {
  sgd,
  momentum,
  normalizedGradient: ({ learningRate }) =>
    chain(normalizedGradient(), scaleByLearningRate(learningRate)),
  adagrad,
  rmsprop,
  adam,
  adamw,
};

const activations: Readonly<Record<string, () => Model>> = {
  relu,
  tanh,
  sigmoid,
};

/** A layer with its normalization. */
function normed(layer: Model, normalization: string): Model[] {
  if (normalization === "batch") return [layer, batchNorm({ momentum: 0.9 })];
  if (normalization === "layer") return [layer, layerNorm()];
  return [normalization === "weight" ? weightNorm(layer) : layer];
}

/** The network of an arm: a softmax regression, one or four hidden layers, or a convolution. */
export function modelOf(arm: Omit<SandboxArm, "optimizer" | "rate" | "batchSize">): Model {
  const activation = activations[arm.activation]!;
  const kernelInit = arm.activation === "relu" ? heNormal() : glorotUniform();
  const hidden = (units: number): Model[] => [
    ...normed(dense(units, { kernelInit }), arm.normalization),
    activation(),
  ];
  const drop = arm.dropout > 0 ? [dropout(arm.dropout)] : [];
  const bodies: Readonly<Record<string, () => Model[]>> = {
    linear: () => [flatten()],
    mlp: () => [flatten(), ...hidden(64)],
    deep: () => [flatten(), ...Array.from({ length: 4 }, () => hidden(64)).flat()],
    cnn: () => [
      ...normed(conv2d(8, 5, { strides: 2, kernelInit }), arm.normalization),
      ...[activation(), maxPool2d(2), flatten()],
    ],
  };
  return sequential(...bodies[arm.model]!(), ...drop, dense(10));
}

/** The arms of the sandbox as an experiment that claims nothing. */
export function sandbox({ arms }: Subject): Experiment {
  return experiment<SandboxArm>({
    id: "sandbox",
    formula: "",
    sizes: {
      quick: { train: 6000, validation: 2000, epochs: 3, batchSize: 64, seeds: 1 },
      full: { train: 60_000, validation: 10_000, epochs: 3, batchSize: 64, seeds: 1 },
    },
    hasConvolutions: Object.values(arms!).some(({ model }) => model === "cnn"),
    controls: [],
    arms: () => arms!,
    setup: (arm, { digits, size, engine }) => ({
      model: modelOf(arm),
      train: digits.train(size.train),
      validation: digits.validation(size.validation),
      loss: crossEntropy,
      metrics: [accuracy],
      optimizer: rules[arm.optimizer]!({ learningRate: arm.rate }),
      epochs: size.epochs,
      batchSize: arm.batchSize,
      observe: statistics({ every: 20 }),
      engine,
      diagnose,
    }),
    measures: {
      accuracy: finalOf("validation.accuracy", "higher"),
      loss: finalOf("validation.loss", "lower"),
    },
    records: { losses: curveOf("loss"), accuracies: curveOf("validation.accuracy") },
    claims: [],
    pictures: [
      linesOf({
        ...{ id: "loss", record: "losses", curve: "loss", x: "examples" },
        y: { label: "loss", scale: "log" },
      }),
      linesOf({
        ...{ id: "accuracy", record: "accuracies", curve: "validation.accuracy", x: "examples" },
        y: { label: "accuracy", scale: "linear", percent: true },
      }),
    ],
    code: sandboxCode,
  });
}
