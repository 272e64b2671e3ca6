import { hashString, uniformAt } from "@tenon/random";
import { conv2d, dense, dropout, flatten, maxPool2d, relu, sequential } from "@tenon/layers";
import { adam } from "@tenon/optimizers";
import { curveOf, evaluate, finalOf, type EndEvent, type StudySetup } from "@tenon/trainer";
import { trainedCode } from "../code.js";
import { cellsDomain, cellsOf } from "../cells.js";
import { experiment, type Ending, type Experiment, type Given } from "../experiment.js";
import type { Picture, ShownRun, Size } from "../experiment.js";
import { finalAccuracy } from "../measures.js";
import { dotsOf, linesOf, pointOf } from "../pictures.js";
import { training } from "../training.js";
import { keras, notebook } from "./dropoutReferences.js";

const rates = Object.keys(notebook).map(Number);

type Options = {
  readonly rate: number;
  /** The part of the training digits that is used, from the first one. */
  readonly share: number;
};

/**
 * What is recorded of a run's end: how well the network does on digits that it was trained with.
 */
type Training = { readonly accuracy: number };

const setup = ({ rate, share }: Options, given: Given): StudySetup => ({
  model: sequential(
    ...[conv2d(32, 3), relu(), maxPool2d(2)],
    ...[conv2d(64, 3), relu(), maxPool2d(2)],
    ...[flatten(), dropout(rate), dense(10)],
  ),
  ...training(given),
  train: given.digits.train(Math.round(share * given.size.train)),
  optimizer: adam(),
});

/**
 * The accuracy on the first training digits without dropout, on as many as there are test digits.
 */
async function ending(options: Options, given: Given, end: EndEvent): Promise<Partial<Ending>> {
  if (end.reason === "aborted") return {};
  const { params, stats } = end;
  const { model, loss, metrics = [], train } = setup(options, given);
  const data = given.digits.train(Math.min(train.size, given.size.validation));
  const { engine } = given;
  const scores = await evaluate(model, { params, stats, data, loss, metrics, engine });
  const found: Training = { accuracy: scores["accuracy"]! };
  return { records: { training: found } };
}

/**
 * The accuracies at the end, with the tutorial's four and the two of Keras for each of its rates.
 */
const final: Picture = {
  id: "final",
  chart(drawn) {
    const own = dotsOf({
      ...{ id: "final", measure: "accuracy" },
      y: { label: "accuracy", scale: "linear", percent: true },
    }).chart(drawn);
    const names = Object.keys(drawn.arms);
    const rates = Object.keys(notebook).filter((rate) => names.includes(`rate=${rate}`));
    return {
      ...own,
      series: [
        ...own.series,
        ...rates.map((rate) => ({
          ...{ arm: `rate=${rate}`, kind: "dots" as const, isFaint: true, part: "keras" },
          points: keras[rate]!.map((y) => ({ x: names.indexOf(`rate=${rate}`), y })),
        })),
      ],
      marks: rates.map((rate) => ({
        ...{ axis: "y", value: notebook[rate]!, label: "tutorial", arm: `rate=${rate}` },
      })),
    };
  },
};

/** The path of the dropout in the model, as its random numbers are named by it. */
const path = "dropout1/";

/**
 * Which of the first units of the layer a step keeps, of its first example: the step's own uniform
 * numbers are at least the rate, as in `dropout`. They are at most half of the numbers of a batch:
 * the numbers of the first half do not depend on how many there are.
 */
export function keptUnits(rate: number, seed: number, step: number, count: number): boolean[] {
  const uniform = uniformAt(seed, step, hashString(`${path}#0`), 2 * count);
  return Array.from(uniform.subarray(0, count), (u) => u >= rate);
}

/** How wide and how high the units are drawn. */
const side = 8;

/** The mask of the first steps with seed 1, a row for each rate. */
const mask: Picture<Options> = {
  id: "mask",
  isComputed: true,
  chart: ({ arms }) => ({
    x: { label: "units", scale: "linear", domain: cellsDomain(side) },
    y: { label: "units", scale: "linear", domain: cellsDomain(side) },
    columns: "step",
    series: Object.entries(arms).flatMap(([arm, { rate }]) =>
      [1, 2, 3, 4].flatMap((step) => {
        const kept = keptUnits(rate, 1, step - 1, side * side);
        const place = { arm, column: String(step) };
        return cellsOf(place, [side, side], (row, at) => kept[side * row + at]!);
      }),
    ),
  }),
};

/** How much higher the accuracy is on training digits than on test digits, for each arm. */
const gap: Picture = {
  id: "gap",
  chart({ arms, runs }) {
    const names = Object.keys(arms);
    const gapOf = ({ records, measures }: ShownRun): number | null => {
      const found = records?.["training"] as Training | undefined;
      const accuracy = measures?.["accuracy"] ?? null;
      return found && accuracy !== null ? found.accuracy - accuracy : null;
    };
    return {
      x: { label: "arm", scale: "categories", categories: names },
      y: { label: "accuracyGap", scale: "linear", percent: true },
      series: names.map((arm, i) => ({
        ...{ arm, kind: "bars" as const },
        points: [pointOf(i, runs.filter((run) => run.arm === arm).map(gapOf))],
      })),
    };
  },
};

export const dropoutTip: Experiment = experiment<Options>({
  id: "dropout",
  formula: String.raw`y = \frac{m \odot x}{1 - p} \qquad m_i \sim \mathrm{Bernoulli}(1 - p)`,
  sizes: {
    quick: { train: 6000, validation: 2000, epochs: 2, batchSize: 64, seeds: 1 },
    full: { train: 60_000, validation: 10_000, epochs: 5, batchSize: 64, seeds: 6 },
  },
  hasConvolutions: true,
  controls: [
    { id: "rate", kind: "number", from: 0, to: 0.9, scale: "linear", values: 10, start: 0.5 },
    { id: "share", kind: "number", from: 0.1, to: 1, scale: "log", values: 11, start: 1 },
  ],
  arms: ({ rate, share }) =>
    Object.fromEntries(
      [...new Set([...rates, Number(rate)])]
        .sort()
        .map((rate) => [`rate=${rate}`, { rate, share: Number(share) }]),
    ),
  setup,
  ending: { description: "accuracy on training digits", of: ending },
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
    final,
    mask,
    gap,
    linesOf({
      ...{ id: "losses", record: "steps", curve: "loss" },
      y: { label: "loss", scale: "log" },
    }),
  ],
  code,
});

function code({ rate, share }: Options, size: Size, seed: number): string {
  const part = "const part = take(train, Math.round(" + share + " * train.size));\n";
  return `import { conv2d, dense, dropout, flatten, maxPool2d, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const model = sequential(
  conv2d(32, 3), relu(), maxPool2d(2),
  conv2d(64, 3), relu(), maxPool2d(2),
  flatten(), dropout(${rate}), dense(10),
);
${share === 1 ? "" : part}const lengths = { ${trainedCode(size, seed)} };
const options = { ${share === 1 ? "train" : "train: part"}, loss: crossEntropy, optimizer: adam(), ...lengths };
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.train.loss);`;
}
