import { momentum } from "@tenon/optimizers";
import { curveOf, curvesOf, finalOf, type EndEvent, type StudySetup } from "@tenon/trainer";
import type { ByPath } from "@tenon/contracts";
import { trainedCode } from "../code.js";
import { averageError, errorOfFirst, memberError, memberLoss } from "../averaged.js";
import { members, weightAverage, type Rule } from "../averaged.js";
import type { Series } from "../chart.js";
import { experiment, type Ending, type Experiment, type Given } from "../experiment.js";
import type { Picture, Size } from "../experiment.js";
import { below, leastSureOf, type SeenDigit } from "../leastSure.js";
import { asPercent } from "../measures.js";
import { mlp } from "../mlp.js";
import { dotsOf, linesOf, ofArms, profileOf } from "../pictures.js";
import { training } from "../training.js";

type Options = {
  readonly average: "none" | "ema" | "swa" | "ensemble";
  /** How many networks are trained. */
  readonly members: number;
  /** Of the exponential moving average. */
  readonly decay: number;
  readonly rate: number;
};

/** The step from which weights are averaged by `swa`: 40 % of the run. */
const swaStart = ({ train, batchSize, epochs }: Size): number =>
  Math.floor(0.4 * epochs * Math.ceil(train / batchSize));

/** The error of the average of the first 1, 2 … members after an epoch, by their number. */
const growth = (validation: ByPath<number> | undefined): ByPath<number> =>
  Object.fromEntries(
    Object.entries(validation ?? {}).flatMap(([name, value]) =>
      name.startsWith("first") ? [[name.slice("first".length), value]] : [],
    ),
  );

export const averagingTip: Experiment = experiment<Options>({
  id: "averaging",
  formula: String.raw`\arm{ema}{\bar w \leftarrow d\, \bar w + (1 - d)\, w} \qquad \arm{ensemble}{\bar p(x) = \frac{1}{k} \sum_{i=1}^{k} p(x; w_i)}`,
  sizes: {
    quick: { train: 6000, validation: 2000, epochs: 5, batchSize: 50, seeds: 1 },
    full: { train: 12_000, validation: 10_000, epochs: 8, batchSize: 50, seeds: 8 },
  },
  controls: [
    {
      id: "decay",
      kind: "number",
      from: 0.9,
      to: 0.999,
      scale: "linear",
      values: 100,
      start: 0.99,
    },
    { id: "members", kind: "number", from: 2, to: 8, scale: "linear", values: 7, start: 5 },
    { id: "rate", kind: "number", from: 0.01, to: 1, scale: "log", values: 21, start: 0.1 },
  ],
  arms({ decay, members, rate }) {
    const arm = (average: Options["average"], count = 1): Options => ({
      ...{ average, members: count, decay: Number(decay), rate: Number(rate) },
    });
    return {
      single: arm("none"),
      ema: arm("ema"),
      swa: arm("swa"),
      ensemble: arm("ensemble", Number(members)),
    };
  },
  setup,
  measures: {
    error: asPercent(finalOf("validation.averageError", "lower")),
    member: asPercent(finalOf("validation.memberError", "lower")),
  },
  records: {
    errors: curveOf("validation.averageError"),
    members: curveOf("validation.memberError"),
    growth: curvesOf(
      (event) => (event.type === "epoch" ? growth(event.validation) : undefined),
      "growth",
    ),
  },
  ending: { description: "averages, and the 20 digits of the ensemble", of: ending },
  claims: [
    { id: "ema", measure: "error", better: "ema", than: "single" },
    { id: "swa", measure: "error", better: "swa", than: "single" },
    { id: "ensemble", measure: "error", better: "ensemble", than: "single" },
    { id: "five", measure: "error", better: "ensemble", than: "ema" },
  ],
  pictures: [
    errors(
      linesOf({
        ...{ id: "errors", record: "errors", curve: "validation.averageError", x: "epoch" },
        y: { label: "error", scale: "log", percent: true },
        faint: { record: "members", curve: "validation.memberError", part: "single" },
      }),
    ),
    dotsOf({
      ...{ id: "final", measure: "error" },
      y: { label: "error", scale: "linear", percent: true },
    }),
    // How the error falls with each further network.
    ofArms(
      profileOf({
        ...{ id: "growth", record: "growth", x: "members" },
        y: { label: "error", scale: "linear", percent: true },
      }),
      (_, arm) => arm === "ensemble",
    ),
    disagreement(),
  ],
  code,
});

function setup(options: Options, given: Given): StudySetup {
  const network = mlp({ depth: 2, width: 64, activation: "relu" });
  const rules: ByPath<Rule> = {
    ema: { type: "ema", decay: options.decay },
    swa: { type: "swa", start: swaStart(given.size) },
  };
  const rule = rules[options.average];
  const count = options.members;
  return {
    model: rule ? weightAverage(network, rule) : members(count, network),
    ...training(given),
    loss: memberLoss,
    metrics: [
      ...[memberError, averageError],
      ...Array.from({ length: count }, (_, i) => errorOfFirst(i + 1)),
    ],
    // The loss is the mean over members: each is to have the gradient of its own.
    optimizer: momentum({ learningRate: count * options.rate, rateInside: true }),
  };
}

/** The network of an arm, which is the average of weights where the arm has one. */
function ending(options: Options, given: Given, { params, stats }: EndEvent): Partial<Ending> {
  if (options.average === "ensemble") {
    const weights = { params, stats, engine: given.engine };
    const digits = leastSureOf(setup(options, given), weights, 20);
    return { records: { digits: [...digits] } };
  }
  const network = options.average === "none" ? params : below(stats, "average/");
  return { params: below(network, "member1/"), stats: {} };
}

/**
 * The errors, without the pale lines that lie under others: the networks whose weights are averaged
 * are the one that is not averaged.
 */
function errors(picture: Picture): Picture<Options> {
  return {
    ...picture,
    chart(drawn) {
      const { series, ...rest } = picture.chart(drawn);
      const isShown = ({ isFaint = false, arm }: Series): boolean => !isFaint || arm === "ensemble";
      return { ...rest, series: series.filter(isShown) };
    },
  };
}

/** What the members of the first seed's ensemble say of the digits of which it is least sure. */
function disagreement(): Picture<Options> {
  return {
    id: "disagreement",
    chart({ runs }) {
      const run = runs.find(({ records }) => records?.["digits"]);
      const digits = (run?.records?.["digits"] ?? []) as readonly SeenDigit[];
      const name = ({ label, answer }: SeenDigit): string =>
        answer === label ? `${label}` : `${label}\n→${answer}`;
      return {
        x: { label: "digit", scale: "categories", categories: digits.map(name) },
        y: { label: "ownProbability", scale: "linear", domain: [0, 1], percent: true },
        series: [
          {
            ...{ arm: "ensemble", kind: "bars" },
            points: digits.map(({ average }, x) => ({ x, y: average })),
          },
          {
            ...{ arm: "member", kind: "dots" },
            points: digits.flatMap(({ members }, x) => members.map((y) => ({ x, y }))),
          },
        ],
      };
    },
  };
}

function code({ average, members, decay, rate }: Options, size: Size, seed: number): string {
  const optimizer = `momentum({ learningRate: ${rate}, rateInside: true })`;
  const lengths = trainedCode(size, seed);
  const head = `import { dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";`;
  const model = `// In the experiment a part of a larger model, which gives it other initial weights.
const model = sequential(flatten(), dense(64), relu(), dense(10));`;
  if (average === "none")
    return `${head}
import { momentum } from "@tenon/optimizers";
import { fit, predictor, type Predictor } from "@tenon/trainer";

${model}
const optimizer = ${optimizer};
const options = { train, loss: crossEntropy, optimizer, ${lengths} };
let network: Predictor | undefined;
for await (const event of fit(model, options))
  if (event.type === "end") network = predictor(model, { ...event, engine });`;
  if (average === "ensemble")
    return `import type { NDArray } from "@tenon/contracts";
${head}
import { momentum } from "@tenon/optimizers";
import { stack, tensor } from "@tenon/tensor";
import { fit, predictor, type Predictor } from "@tenon/trainer";

${model}
const optimizer = ${optimizer};
const networks: Predictor[] = [];
for (let seed = ${seed}; seed < ${seed + members}; seed++) {
  const options = { train, loss: crossEntropy, optimizer, ${trainedCode(size, "seed")} };
  for await (const event of fit(model, options))
    if (event.type === "end") networks.push(predictor(model, { ...event, engine }));
}
/** The mean of the networks' probabilities, for images. */
const probabilities = (images: NDArray) => {
  const each = networks.map((network) => tensor(network.predict(images)).softmax());
  return stack(each).mean(0).value();
};`;
  const transform =
    average === "ema" ? `ema({ decay: ${decay} })` : `swa({ start: ${swaStart(size)} })`;
  return `${head}
import { chain, momentum } from "@tenon/optimizers";
import { averageOf, ${average} } from "@tenon/regularizers";
import { fit, predictor, startOf, stateFrom, type Predictor } from "@tenon/trainer";

${model}
const optimizer = chain(${optimizer}, ${transform});
const options = { train, loss: crossEntropy, optimizer, ${lengths} };
const start = startOf(model, train.x.shape, optimizer, ${seed});
let network: Predictor | undefined;
for await (const event of fit(model, options))
  if (event.type === "end") {
    const { slots } = stateFrom(event.snapshot.arrays, start);
    network = predictor(model, { params: averageOf(slots), engine });
  }`;
}
