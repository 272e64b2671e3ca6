import { sgd } from "@tenon/optimizers";
import { curveOf } from "@tenon/trainer";
import { experiment, type Experiment, type Size } from "../experiment.js";
import { finalAccuracy, lossOfSteps, meanLoss } from "../measures.js";
import { mlp } from "../mlp.js";
import { linesOf } from "../pictures.js";
import { bestRate, type Sweep, type SweepLosses } from "../sweep.js";
import { training } from "../training.js";
import sweep from "./batchesSweep.json" with { type: "json" };

type Options = {
  /** The full batch is 60,000, cut to what there is. */
  readonly batchSize: number;
  readonly rate: number;
};

/** How an arm's rate follows from its batch size. */
const rules = ["tuned", "same", "linear"] as const;
const kinds: Readonly<Record<string, number>> = {
  full: 60_000,
  b1024: 1024,
  b128: 128,
  b16: 16,
  b1: 1,
};
const full: Size = { train: 6000, validation: 2000, epochs: 5, batchSize: 16, seeds: 8 };

/**
 * The sweep by which the rate of each batch size is tuned, with its figures in `batchesSweep.json`.
 * `npm run test:long -- internal/experiments/src/tips/batches` trains it again and compares.
 */
export const batchesSweep: Sweep = {
  kinds: Object.keys(kinds),
  rates: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
  seeds: [101, 102],
  size: full,
  options: (kind, rate) => ({ batchSize: kinds[kind]!, rate }),
};
const tuned = (kind: string): number => bestRate(batchesSweep, (sweep as SweepLosses)[kind]!);

/**
 * The rate of a batch size, given that of 16: as many times as the sweep found best, the same, or
 * in proportion to the batch size.
 */
export function rateOf(kind: string, rule: (typeof rules)[number], rate: number): number {
  const size = Math.min(kinds[kind]!, full.train);
  const times = { tuned: tuned(kind) / tuned("b16"), same: 1, linear: size / 16 }[rule];
  return Number((times * rate).toPrecision(3));
}

export const batchesTip: Experiment = experiment<Options>({
  id: "batches",
  formula: String.raw`w \leftarrow w - \frac{\eta}{|B|} \sum_{i \in B} \nabla L_i(w)`,
  sizes: {
    quick: { train: 2000, validation: 1000, epochs: 5, batchSize: 16, seeds: 1 },
    full,
  },
  controls: [
    { id: "rule", kind: "choice", choices: rules, start: "tuned" },
    { id: "rate", kind: "number", from: 0.02, to: 2, scale: "log", values: 21, start: 0.2 },
  ],
  arms: ({ rule, rate }) =>
    Object.fromEntries(
      Object.entries(kinds).map(([kind, batchSize]) => [
        kind,
        { batchSize, rate: rateOf(kind, rule as (typeof rules)[number], Number(rate)) },
      ]),
    ),
  setup: ({ batchSize, rate }, given) => ({
    model: mlp({ depth: 2, width: 64, activation: "relu" }),
    ...training(given),
    optimizer: sgd({ learningRate: rate }),
    batchSize: Math.min(batchSize, given.size.train),
  }),
  measures: {
    mean: meanLoss(),
    step: lossOfSteps(61, 80),
    accuracy: finalAccuracy(),
  },
  records: {
    losses: curveOf("loss", { points: 80 }),
    accuracies: curveOf("validation.accuracy"),
  },
  claims: [
    { id: "full", measure: "mean", better: "b16", than: "full" },
    { id: "one", measure: "mean", better: "b16", than: "b1" },
    { id: "steps", measure: "step", better: "b128", than: "b1" },
    { id: "accuracy", measure: "accuracy", better: "b16", than: "b1" },
  ],
  pictures: [
    linesOf({
      ...{ id: "examples", record: "losses", curve: "loss", x: "examples" },
      y: { label: "loss", scale: "log" },
    }),
    linesOf({
      ...{ id: "steps", record: "losses", curve: "loss", x: "step", xScale: "log" },
      y: { label: "loss", scale: "log" },
    }),
    linesOf({
      ...{ id: "accuracy", record: "accuracies", curve: "validation.accuracy", x: "epoch" },
      y: { label: "accuracy", scale: "linear", percent: true },
    }),
  ],
  code: ({ batchSize, rate }) => `import { dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const model = sequential(flatten(), dense(64), relu(), dense(10));
const optimizer = sgd({ learningRate: ${rate} });
const batchSize = ${batchSize === kinds["full"] ? "train.size" : batchSize};
const options = { train, loss: crossEntropy, optimizer, batchSize, epochs: 5 };
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.train.loss);`,
});
