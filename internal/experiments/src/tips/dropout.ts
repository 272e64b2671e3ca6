import { conv2d, dense, dropout, flatten, maxPool2d, relu, sequential } from "@tenon/layers";
import { adam } from "@tenon/optimizers";
import { curveOf, finalOf, gridOf } from "@tenon/trainer";
import { experiment, type Experiment } from "../experiment.js";
import { finalAccuracy } from "../measures.js";
import { dotsOf, linesOf } from "../pictures.js";
import { training } from "../training.js";
import { notebook } from "./dropoutReferences.js";

const rates = Object.keys(notebook).map(Number);

type Options = { readonly rate: number };

export const dropoutTip: Experiment = experiment<Options>({
  id: "dropout",
  formula: String.raw`y = \frac{m \odot x}{1 - p}, \quad m_i \sim \mathrm{Bernoulli}(1 - p)`,
  sizes: {
    quick: { train: 6000, validation: 2000, epochs: 2, batchSize: 64, seeds: 1 },
    full: { train: 60_000, validation: 10_000, epochs: 5, batchSize: 64, seeds: 5 },
  },
  controls: [
    { id: "rate", kind: "number", from: 0, to: 0.9, scale: "linear", values: 10, start: 0.5 },
  ],
  arms: ({ rate }) => gridOf({ rate: [...new Set([...rates, Number(rate)])].sort() }),
  setup: ({ rate }, given) => ({
    model: sequential(
      ...[conv2d(32, 3), relu(), maxPool2d(2)],
      ...[conv2d(64, 3), relu(), maxPool2d(2)],
      ...[flatten(), dropout(rate), dense(10)],
    ),
    ...training(given),
    optimizer: adam(),
  }),
  measures: {
    accuracy: finalAccuracy(),
    loss: finalOf("validation.loss", "lower"),
  },
  records: {
    steps: curveOf("loss"),
    accuracies: curveOf("validation.accuracy"),
  },
  claims: [
    { id: "helps", measure: "accuracy", better: "rate=0.5", than: "rate=0" },
    { id: "tooStrong", measure: "accuracy", better: "rate=0.5", than: "rate=0.8" },
  ],
  pictures: [
    linesOf({
      ...{ id: "epochs", record: "accuracies", curve: "validation.accuracy", x: "epoch" },
      y: { label: "accuracy", scale: "linear", percent: true },
    }),
    dotsOf({
      ...{ id: "final", measure: "accuracy" },
      y: { label: "accuracy", scale: "linear", percent: true },
      marks: Object.entries(notebook).map(([rate, value]) => ({
        ...{ axis: "y", value, label: "tutorial", arm: `rate=${rate}` },
      })),
    }),
    linesOf({
      ...{ id: "gap", record: "steps", curve: "loss" },
      y: { label: "loss", scale: "log" },
    }),
  ],
  code: ({
    rate,
  }) => `import { conv2d, dense, dropout, flatten, maxPool2d, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const model = sequential(
  conv2d(32, 3), relu(), maxPool2d(2),
  conv2d(64, 3), relu(), maxPool2d(2),
  flatten(), dropout(${rate}), dense(10),
);
for await (const event of fit(model, { train, loss: crossEntropy, optimizer: adam() }))
  if (event.type === "epoch") console.log(event.train.loss);`,
});
