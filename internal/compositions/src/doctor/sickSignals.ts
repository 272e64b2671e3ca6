import { constant, heNormal, normal } from "@tenon/init";
import { batchNorm, dense, leakyRelu, relu, sequential, sigmoid, tanh } from "@tenon/layers";
import { mse } from "@tenon/losses";
import { adam, chain, clipByGlobalNorm, sgd } from "@tenon/optimizers";
import { cosineDecay, exponentialDecay } from "@tenon/schedulers";
import { labelled, mapped, parted, strokes, valued, waves } from "./data.js";
import {
  repeated,
  isAccurate,
  isClose,
  images,
  withOutlier,
  values,
  mlp,
  deep,
  base,
  type Case,
} from "./sickCase.js";

/** Sick in what flows through the network, or in how far a step goes. */
export const sickSignals: readonly Case[] = [
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
    name: "kernels that begin with one value",
    expected: "equalUnits",
    sick: { ...base, data: images, model: mlp({ kernelInit: constant({ value: 0.3 }) }) },
    cured: { ...base, data: images, model: mlp({ kernelInit: heNormal() }) },
    learnt: isAccurate(0.95),
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
];
