import { heNormal } from "@tenon/init";
import { batchNorm, dense, flatten, relu, sequential } from "@tenon/layers";
import { sgd } from "@tenon/optimizers";
import { curveOf, curvesOf, gridOf, statistics, type FinishedRun } from "@tenon/trainer";
import { standardizedCode, trainedCode } from "../code.js";
import { standardized } from "../digits.js";
import { experiment, type Experiment } from "../experiment.js";
import { finalAccuracy } from "../measures.js";
import { linesOf, profileOf, selected, sweepOf } from "../pictures.js";
import { decadesAbove, largestAbove } from "../plateau.js";
import { training } from "../training.js";

const norms = ["none", "batch"] as const;
/** 10⁻⁴ to 10¹·⁵ in half decades. */
const exponents = Array.from({ length: 12 }, (_, i) => i / 2 - 4);
const rates = exponents.map((exponent) => Number((10 ** exponent).toPrecision(3)));
/** The rate of the grid that is nearest to a control's value. */
const nearest = (rate: number): number =>
  rates.reduce((best, other) =>
    Math.abs(Math.log(other / rate)) < Math.abs(Math.log(best / rate)) ? other : best,
  );
/** What a network must reach to count as trained. */
const enough = 0.9;

type Options = {
  readonly norm: (typeof norms)[number];
  readonly rate: number;
  readonly batchSize: number;
  /** Whether it is one of those that are watched in the second picture. */
  readonly isShown: boolean;
};

/** Those at the reader's rate, by the name of their group. */
const shown = ({ norm, isShown }: Options): string | undefined => (isShown ? norm : undefined);

export const batchNormTip: Experiment = experiment<Options>({
  id: "batchNorm",
  formula: String.raw`\arm{batch}{y = \gamma\, \frac{x - \mu_B}{\sqrt{\sigma_B^2 + \varepsilon}} + \beta}`,
  sizes: {
    quick: { train: 12_000, validation: 2000, epochs: 2, batchSize: 32, seeds: 1 },
    full: { train: 12_000, validation: 10_000, epochs: 4, batchSize: 32, seeds: 6 },
  },
  controls: [
    {
      ...{ id: "rate", kind: "number", from: 1e-4, to: 10 ** 1.5, scale: "log" },
      ...{ values: rates.length, start: 10 ** -0.5 },
    },
    { id: "batchSize", kind: "choice", choices: ["16", "32", "64", "128"], start: "32" },
  ],
  arms: ({ rate, batchSize }) =>
    Object.fromEntries(
      Object.entries(gridOf({ norm: norms, rate: rates })).map(([arm, options]) => [
        arm,
        {
          ...{ ...options, batchSize: Number(batchSize) },
          isShown: options.rate === nearest(Number(rate)),
        },
      ]),
    ),
  setup: ({ norm, rate, batchSize, isShown }, given) => ({
    model: sequential(
      flatten(),
      ...Array.from({ length: 3 }, () => [
        dense(64, { kernelInit: heNormal() }),
        ...(norm === "batch" ? [batchNorm({ momentum: 0.9 })] : []),
        relu(),
      ]).flat(),
      dense(10, { kernelInit: heNormal() }),
    ),
    ...training(given, standardized),
    optimizer: sgd({ learningRate: rate }),
    batchSize,
    ...(isShown && { observe: statistics({ every: 10 }) }),
  }),
  measures: { accuracy: finalAccuracy() },
  records: {
    losses: curveOf("loss"),
    deviations: curvesOf((event) => {
      if (event.type !== "statistics") return undefined;
      const layers = Object.entries(event.layers);
      const before = layers.filter((_, i) => layers[i + 1]?.[0].startsWith("relu"));
      return Object.fromEntries(before.map(([, { std }], i) => [String(i + 1), std]));
    }, "standard deviations before activations"),
  },
  groups: {
    measures: { width: { better: "higher" }, highest: { better: "higher" } },
    of(runs, arms) {
      const seeds = [...new Set(runs.map(({ seed }) => seed))];
      return norms.flatMap((norm) =>
        seeds.map((seed): FinishedRun => {
          const points = runs
            .filter((run) => run.seed === seed && arms[run.arm]!.norm === norm)
            .map(({ arm, measures }) => ({ at: arms[arm]!.rate, value: measures["accuracy"]! }));
          const highest = Math.log10(largestAbove(points, enough));
          return {
            ...{ arm: norm, seed, reason: "done", steps: 0, epochs: 0 },
            measures: {
              width: decadesAbove(points, enough),
              highest: Number.isFinite(highest) ? highest : null,
            },
          };
        }),
      );
    },
  },
  claims: [
    { id: "wider", measure: "width", better: "batch", than: "none" },
    { id: "higher", measure: "highest", better: "batch", than: "none" },
  ],
  lines: { "norm={norm} rate={rate}": "{norm}" },
  pictures: [
    sweepOf<Options>({
      ...{ id: "sweep", measure: "accuracy" },
      x: { label: "rate", scale: "log" },
      ...{ option: ({ rate }) => rate, group: ({ norm }) => norm },
      y: { label: "accuracy", scale: "linear", percent: true, domain: [0.75, 0.96] },
      marks: ({ values }) => [
        { axis: "y", value: enough, label: "enough" },
        { axis: "x", value: nearest(Number(values["rate"])), label: "ownRate" },
      ],
    }),
    selected<Options>(
      linesOf({
        ...{ id: "losses", record: "losses", curve: "loss" },
        y: { label: "loss", scale: "log" },
      }),
      shown,
    ),
    selected<Options>(
      profileOf({
        ...{ id: "deviations", record: "deviations", x: "layer", at: "all" },
        y: { label: "std", scale: "log" },
      }),
      shown,
    ),
  ],
  scalingCode: () => standardizedCode,
  code: ({ norm, rate, batchSize }, { epochs }, seed) => `import { heNormal } from "@tenon/init";
import { ${norm === "batch" ? "batchNorm, " : ""}dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const kernelInit = heNormal();
const layer = () => [dense(64, { kernelInit }), ${norm === "batch" ? "batchNorm({ momentum: 0.9 }), " : ""}relu()];
const output = dense(10, { kernelInit });
const model = sequential(flatten(), ...layer(), ...layer(), ...layer(), output);
const optimizer = sgd({ learningRate: ${rate} });
const options = { train, loss: crossEntropy, optimizer, ${trainedCode({ batchSize, epochs }, seed)} };
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.train.loss);`,
});
