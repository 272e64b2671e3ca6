import { sgd } from "@tenon/optimizers";
import { curveOf } from "@tenon/trainer";
import { experiment, type Experiment, type Size } from "../experiment.js";
import { finalAccuracy, lossOfSteps, meanLoss } from "../measures.js";
import { mlp } from "../mlp.js";
import { linesOf } from "../pictures.js";
import { lossBySeconds, secondsToLoss, stepTimes } from "../seconds.js";
import { bestRate, type Sweep, type SweepLosses } from "../sweep.js";
import { training } from "../training.js";
import type { Chart, Point, Series } from "../chart.js";
import type { LossPaths, LossPathsOptions } from "../lossPaths.js";
import paths from "./batchesPaths.json" with { type: "json" };
import sweep from "./batchesSweep.json" with { type: "json" };

type Options = {
  /** The full batch is 60,000, cut to what there is. */
  readonly batchSize: number;
  /** Of the rule "in proportion": that of a batch of 16. */
  readonly rate: number;
  readonly isLinear?: true;
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
 * How the ways of the weights in `batchesPaths.json` were computed: with the full size, the seed 1
 * and the values with which the controls begin. The long test does it again and compares.
 */
export const batchesPaths: LossPathsOptions = {
  points: 24,
  losses: [0.1, 0.2, 0.3, 0.5, 1, 1.5, 2, 3, 5],
  cells: [40, 30],
  digits: 1000,
};

/**
 * The options of an arm by the rule: its rate is as many times that of a batch of 16 as the sweep
 * found best, the same, or in proportion to the batch size.
 */
function armOf(kind: string, rule: (typeof rules)[number], rate: number): Options {
  const batchSize = kinds[kind]!;
  if (rule === "linear") return { batchSize, rate, isLinear: true };
  const times = rule === "tuned" ? tuned(kind) / tuned("b16") : 1;
  return { batchSize, rate: Number((times * rate).toPrecision(3)) };
}

/** The batch size and the learning rate of an arm in a run of this size. */
export function stepOf({ batchSize, rate, isLinear }: Options, { train }: Pick<Size, "train">) {
  const examples = Math.min(batchSize, train);
  return { batchSize: examples, learningRate: isLinear ? (rate * examples) / 16 : rate };
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
      Object.keys(kinds).map((kind) => [
        kind,
        armOf(kind, rule as (typeof rules)[number], Number(rate)),
      ]),
    ),
  setup(options, given) {
    const { batchSize, learningRate } = stepOf(options, given.size);
    return {
      model: mlp({ depth: 2, width: 64, activation: "relu" }),
      ...training(given),
      ...{ optimizer: sgd({ learningRate }), batchSize },
    };
  },
  measures: {
    mean: meanLoss(),
    step: lossOfSteps(61, 80),
    seconds: secondsToLoss(0.5),
    accuracy: finalAccuracy(),
  },
  records: {
    losses: curveOf("loss", { points: 80 }),
    accuracies: curveOf("validation.accuracy"),
    times: stepTimes(),
  },
  claims: [
    { id: "full", measure: "mean", better: "b16", than: "full" },
    { id: "one", measure: "mean", better: "b16", than: "b1" },
    { id: "seconds", measure: "seconds", better: "b16", than: "b1" },
    { id: "steps", measure: "step", better: "b128", than: "b1" },
    { id: "accuracy", measure: "accuracy", better: "b16", than: "b1" },
  ],
  pictures: [
    linesOf({
      ...{ id: "examples", record: "losses", curve: "loss", x: "examples" },
      y: { label: "loss", scale: "log" },
    }),
    lossBySeconds({ id: "seconds", losses: "losses", times: "times" }),
    linesOf({
      ...{ id: "steps", record: "losses", curve: "loss", x: "step", xScale: "log" },
      y: { label: "loss", scale: "log" },
    }),
    { id: "paths", isComputed: true, chart: () => ways(paths as unknown as LossPaths) },
    linesOf({
      ...{ id: "accuracy", record: "accuracies", curve: "validation.accuracy", x: "epoch" },
      y: { label: "accuracy", scale: "linear", percent: true },
    }),
  ],
  code,
});

/** The ways of the weights over a slice of the loss. */
function ways({ paths, levels }: LossPaths): Chart {
  const points = (places: LossPaths["paths"][string]): Point[] =>
    places.map(([x, y]) => ({ x, y }));
  return {
    x: { label: "firstDirection", scale: "linear" },
    y: { label: "secondDirection", scale: "linear" },
    series: Object.entries(paths).map(([arm, places]): Series => ({
      arm,
      kind: "path",
      points: points(places),
    })),
    levels: levels.flatMap(({ lines }) => lines.map(points)),
  };
}

function code({ batchSize, rate, isLinear }: Options, size: Size, seed: number): string {
  const examples = batchSize < size.train ? batchSize : "train.size";
  const trained = `epochs: ${size.epochs}, seed: ${seed}, engine`;
  return `import { dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const model = sequential(flatten(), dense(64), relu(), dense(10));
const batchSize = ${examples};
const optimizer = sgd({ learningRate: ${isLinear ? `(${rate} * batchSize) / 16` : rate} });
const options = { train, loss: crossEntropy, optimizer, batchSize, ${trained} };
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.train.loss);`;
}
