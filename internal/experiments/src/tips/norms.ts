import type { Layer } from "@tenon/contracts";
import { heNormal } from "@tenon/init";
import { batchNorm, dense, flatten, layerNorm, relu, sequential, weightNorm } from "@tenon/layers";
import { sgd } from "@tenon/optimizers";
import type { Tensor } from "@tenon/tensor";
import { curveOf, finalOf, gridOf } from "@tenon/trainer";
import { standardizedCode, trainedCode } from "../code.js";
import { standardized } from "../digits.js";
import { cellsDomain, cellsOf } from "../cells.js";
import { experiment, type Experiment, type Picture } from "../experiment.js";
import { finalAccuracy } from "../measures.js";
import { linesOf, selected, sweepOf } from "../pictures.js";
import { training } from "../training.js";

const norms = ["none", "batch", "layer", "weight"] as const;
const batchSizes = [2, 4, 8, 16, 64, 256];

type Options = {
  readonly norm: (typeof norms)[number];
  readonly batchSize: number;
  readonly rate: number;
  /** Whether its loss curve is drawn. */
  readonly isShown: boolean;
};

/** The layers of a hidden layer, and the code that makes them. */
const hidden: Record<Options["norm"], () => readonly Layer<Tensor>[]> = {
  none: () => [dense(64, { kernelInit: heNormal() }), relu()],
  batch: () => [dense(64, { kernelInit: heNormal() }), batchNorm({ momentum: 0.9 }), relu()],
  layer: () => [dense(64, { kernelInit: heNormal() }), layerNorm(), relu()],
  weight: () => [weightNorm(dense(64, { kernelInit: heNormal() })), relu()],
};
const hiddenCode: Record<Options["norm"], readonly [names: string, code: string]> = {
  none: ["dense, flatten, relu, sequential", "dense(64, { kernelInit }), relu()"],
  batch: [
    "batchNorm, dense, flatten, relu, sequential",
    "dense(64, { kernelInit }), batchNorm({ momentum: 0.9 }), relu()",
  ],
  layer: [
    "dense, flatten, layerNorm, relu, sequential",
    "dense(64, { kernelInit }), layerNorm(), relu()",
  ],
  weight: [
    "dense, flatten, relu, sequential, weightNorm",
    "weightNorm(dense(64, { kernelInit })), relu()",
  ],
};

/** So many examples, units and inputs are drawn. */
const [exampleCount, unitCount] = [6, 8];

/**
 * What is averaged together: of the layer's values those of a unit over the batch, or those of an
 * example over its units; of the kernel the weights of a unit. A column for each of three groups.
 */
const together: Picture<Options> = {
  id: "together",
  isComputed: true,
  chart: () => ({
    x: { label: "unitsAcross", scale: "linear", domain: cellsDomain(unitCount) },
    y: { label: "unitsAcross", scale: "linear", domain: cellsDomain(exampleCount) },
    columns: "normalizedTogether",
    series: (["batch", "layer", "weight"] as const).flatMap((arm) =>
      [0, 1, 2].flatMap((group) =>
        cellsOf({ arm, column: String(group + 1) }, [exampleCount, unitCount], (row, column) =>
          arm === "layer" ? row === group : column === group,
        ),
      ),
    ),
  }),
};

/** A number in code; a power of ten as `10 ** -1.5`. */
const powerCode = (value: number): string => {
  const exponent = Math.round(2 * Math.log10(value)) / 2;
  return 10 ** exponent === value ? `10 ** ${exponent}` : String(value);
};

export const normsTip: Experiment = experiment<Options>({
  id: "norms",
  formula: String.raw`\arm{layer}{\word{layer}\ y_{ij} = \gamma_j \frac{x_{ij} - \mu_i}{\sigma_i} + \beta_j} \qquad \arm{batch}{\word{batch}\ y_{ij} = \gamma_j \frac{x_{ij} - \mu_j}{\sigma_j} + \beta_j} \qquad \arm{weight}{\word{weight}\ w = g\, \frac{v}{\lVert v \rVert}}`,
  sizes: {
    quick: { train: 6000, validation: 2000, epochs: 1, batchSize: 32, seeds: 1 },
    full: { train: 12_000, validation: 10_000, epochs: 1, batchSize: 32, seeds: 6 },
  },
  controls: [
    {
      ...{ id: "batchSize", kind: "choice" },
      ...{ choices: batchSizes.map(String), start: String(batchSizes[0]) },
    },
    { id: "rate", kind: "number", from: 0.01, to: 1, scale: "log", values: 9, start: 10 ** -1.5 },
  ],
  arms: ({ batchSize, rate }) =>
    Object.fromEntries(
      Object.entries(gridOf({ norm: norms, batchSize: batchSizes })).map(([arm, options]) => [
        arm,
        {
          ...{ ...options, isShown: options.batchSize === Number(batchSize) },
          // The control is the rate of batches of 32, that of others is in proportion to their
          // size.
          rate: (Number(rate) * options.batchSize) / 32,
        },
      ]),
    ),
  setup: ({ norm, batchSize, rate }, given) => ({
    model: sequential(
      flatten(),
      ...[hidden[norm](), hidden[norm](), hidden[norm]()].flat(),
      dense(10),
    ),
    ...training(given, standardized),
    optimizer: sgd({ learningRate: rate }),
    batchSize,
  }),
  measures: {
    accuracy: finalAccuracy(),
    loss: finalOf("validation.loss", "lower"),
  },
  records: { losses: curveOf("loss") },
  claims: [
    {
      ...{ id: "small", measure: "accuracy" },
      ...{ better: "norm=layer batchSize=2", than: "norm=batch batchSize=2" },
    },
    {
      ...{ id: "large", measure: "accuracy" },
      ...{ better: "norm=batch batchSize=256", than: "norm=none batchSize=256" },
    },
    {
      ...{ id: "layer", measure: "accuracy" },
      ...{ better: "norm=layer batchSize=2", than: "norm=none batchSize=2" },
    },
    {
      ...{ id: "weight", measure: "accuracy" },
      ...{ better: "norm=weight batchSize=2", than: "norm=none batchSize=2" },
    },
  ],
  lines: { "norm={norm} batchSize={n}": "{norm}" },
  pictures: [
    sweepOf<Options>({
      ...{ id: "sweep", measure: "accuracy" },
      x: { label: "batchSize", scale: "log" },
      ...{ option: ({ batchSize }) => batchSize, group: ({ norm }) => norm },
      y: { label: "accuracy", scale: "linear", percent: true },
    }),
    together,
    selected<Options>(
      linesOf({
        ...{ id: "losses", record: "losses", curve: "loss", x: "examples" },
        y: { label: "loss", scale: "log" },
      }),
      ({ norm, isShown }) => (isShown ? norm : undefined),
    ),
  ],
  scalingCode: () => standardizedCode,
  code: ({ norm, batchSize, rate }, { epochs }, seed) =>
    `import { heNormal } from "@tenon/init";
import { ${hiddenCode[norm][0]} } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const kernelInit = heNormal();
const hidden = () => [${hiddenCode[norm][1]}];
const model = sequential(flatten(), ...hidden(), ...hidden(), ...hidden(), dense(10));
// The rate of batches of 32, in proportion to the batch size.
const learningRate = (${powerCode((rate * 32) / batchSize)} * ${batchSize}) / 32;
const optimizer = sgd({ learningRate });
const options = { train, loss: crossEntropy, optimizer, ${trainedCode({ batchSize, epochs }, seed)} };
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.train.loss);`,
});
