import type { Transform } from "@tenon/contracts";
import { adagrad, adam, chain, momentum, normalizedGradient } from "@tenon/optimizers";
import { rmsprop, scaleByLearningRate, sgd } from "@tenon/optimizers";
import { curveOf, curvesOf, statistics, type StudySetup } from "@tenon/trainer";
import { trainedCode } from "../code.js";
import type { Series } from "../chart.js";
import { experiment, type Experiment, type Given } from "../experiment.js";
import type { Picture, Size } from "../experiment.js";
import { finalAccuracy, meanLoss, stepsToLoss } from "../measures.js";
import { mlp } from "../mlp.js";
import { nextStep } from "../nextStep.js";
import { dotsOf, linesOf } from "../pictures.js";
import { updateNorm } from "../readings.js";
import { stepSizes, stepSizesOf } from "../stepSizes.js";
import { bestRate, type Sweep } from "../sweep.js";
import { training } from "../training.js";
import sweep from "./raceSweep.json" with { type: "json" };

/** The optimizers of the race, each with its learning rate as the only option. */
export const optimizers = {
  sgd: (learningRate: number): Transform => sgd({ learningRate }),
  momentum: (learningRate: number): Transform => momentum({ learningRate, rateInside: true }),
  normalized: (learningRate: number): Transform =>
    chain(normalizedGradient(), scaleByLearningRate(learningRate)),
  adagrad: (learningRate: number): Transform => adagrad({ learningRate }),
  rmsprop: (learningRate: number): Transform => rmsprop({ learningRate }),
  adam: (learningRate: number): Transform => adam({ learningRate }),
};
type Name = keyof typeof optimizers;
type Options = { readonly optimizer: Name; readonly rate: number };

const names = Object.keys(optimizers) as Name[];

const full: Size = { train: 12_000, validation: 2000, epochs: 2, batchSize: 50, seeds: 8 };

/**
 * The sweep by which rates are tuned, with its figures in `raceSweep.json`. `npm run test:long --
 * internal/experiments/src/tips/race` trains it again and compares.
 */
export const raceSweep: Sweep = {
  kinds: names,
  rates: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
  seeds: [101, 102, 103],
  size: full,
  options: (optimizer, rate) => ({ optimizer, rate }),
};

const losses: Readonly<Record<Name, readonly (number | null)[]>> = sweep;

/** The rate of the sweep at which an optimizer had its lowest mean training loss. */
export const tunedRate = (name: Name): number => bestRate(raceSweep, losses[name]);

const calls: Readonly<Record<Name, (rate: number) => string>> = {
  sgd: (rate) => `sgd({ learningRate: ${rate} })`,
  momentum: (rate) => `momentum({ learningRate: ${rate}, rateInside: true })`,
  normalized: (rate) => `chain(normalizedGradient(), scaleByLearningRate(${rate}))`,
  adagrad: (rate) => `adagrad({ learningRate: ${rate} })`,
  rmsprop: (rate) => `rmsprop({ learningRate: ${rate} })`,
  adam: (rate) => `adam({ learningRate: ${rate} })`,
};

export const raceTip: Experiment = experiment<Options>({
  id: "race",
  formula: String.raw`\arm{adam}{w \leftarrow w - \eta \frac{\hat m}{\sqrt{\hat v} + \varepsilon}} \qquad m \leftarrow \beta_1 m + (1 - \beta_1) g \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g^2`,
  sizes: {
    quick: { train: 6000, validation: 1000, epochs: 2, batchSize: 50, seeds: 1 },
    full,
  },
  controls: [
    { id: "times", kind: "number", from: 0.01, to: 100, scale: "log", values: 25, start: 1 },
  ],
  arms: ({ times }) =>
    Object.fromEntries(
      names.map((optimizer) => [
        optimizer,
        { optimizer, rate: Number((Number(times) * tunedRate(optimizer)).toPrecision(3)) },
      ]),
    ),
  setup,
  measures: {
    mean: meanLoss(),
    steps: stepsToLoss(0.4),
    accuracy: finalAccuracy(),
  },
  records: {
    losses: curveOf("loss", { points: 40 }),
    lengths: curvesOf(updateNorm, "updateNorm"),
  },
  ending: {
    description: "sizes of the next step",
    of: (options, given, end) => ({
      records: { sizes: stepSizes(nextStep(setup(options, given), end, given.engine)) },
    }),
  },
  claims: [
    { id: "sgd", measure: "mean", better: "adam", than: "sgd" },
    { id: "normalized", measure: "mean", better: "adam", than: "normalized" },
    { id: "adagrad", measure: "mean", better: "rmsprop", than: "adagrad" },
    { id: "rmsprop", measure: "mean", better: "adam", than: "rmsprop" },
    { id: "momentum", measure: "mean", better: "adam", than: "momentum" },
  ],
  pictures: [
    linesOf({
      ...{ id: "loss", record: "losses", curve: "loss", xScale: "log" },
      y: { label: "loss", scale: "log" },
    }),
    tuning(),
    linesOf({
      ...{ id: "lengths", record: "lengths", curve: "norm" },
      y: { label: "updateNorm", scale: "log" },
    }),
    stepSizesOf({ id: "sizes", record: "sizes" }),
    dotsOf({
      ...{ id: "mean", measure: "mean" },
      y: { label: "meanLoss", scale: "linear" },
    }),
  ],
  code({ optimizer, rate }, size, seed) {
    const call = calls[optimizer](rate);
    const used = call.match(/[a-zA-Z]+(?=\()/g)!.join(", ");
    return `import { dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { ${used} } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const model = sequential(flatten(), dense(64), relu(), dense(10));
const optimizer = ${call};
const options = { train, loss: crossEntropy, optimizer, ${trainedCode(size, seed)} };
for await (const event of fit(model, options))
  if (event.type === "step") console.log(event.loss);`;
  },
});

function setup({ optimizer, rate }: Options, given: Given): StudySetup {
  return {
    model: mlp({ depth: 2, width: 64, activation: "relu" }),
    ...training(given),
    optimizer: optimizers[optimizer](rate),
    observe: statistics({ every: 10 }),
  };
}

/** The sweep: the mean training loss of each optimizer over its rate, and the rates it races at. */
function tuning(): Picture<Options> {
  return {
    id: "tuning",
    isComputed: true,
    chart: ({ arms }) => ({
      x: { label: "rate", scale: "log" },
      y: { label: "meanLoss", scale: "log", domain: [0.2, 5] },
      series: names.map((arm): Series => ({
        ...{ arm, kind: "line" },
        points: raceSweep.rates.map((x, i) => ({ x, y: losses[arm][i]! })),
      })),
      marks: Object.entries(arms).map(([arm, { rate }]) => ({
        ...{ axis: "x", value: rate, label: "rateOfRace", arm },
      })),
    }),
  };
}
