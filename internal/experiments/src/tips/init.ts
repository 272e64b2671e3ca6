import type { ByPath, Init, StepStatistics } from "@tenon/contracts";
import { glorotNormal, heNormal, normal, orthogonal, widthNormal, zeros } from "@tenon/init";
import { sgd } from "@tenon/optimizers";
import { curveOf, curvesOf, statistics } from "@tenon/trainer";
import { standardizedCode, trainedCode } from "../code.js";
import { standardized } from "../digits.js";
import { experiment, type Experiment } from "../experiment.js";
import { histogramGrid, histogramsOf } from "../histograms.js";
import { atFirstStep, finalAccuracy, startLoss, stepsToLoss } from "../measures.js";
import { mlp, type ActivationName } from "../mlp.js";
import { linesOf, profileOf } from "../pictures.js";
import { training } from "../training.js";

const inits = {
  zeros: [zeros(), "zeros()"],
  normal: [normal({ std: 1 }), "normal({ std: 1 })"],
  widthNormal: [widthNormal(), "widthNormal()"],
  glorotNormal: [glorotNormal(), "glorotNormal()"],
  heNormal: [heNormal(), "heNormal()"],
  orthogonal: [orthogonal({ gain: Math.SQRT2 }), "orthogonal({ gain: Math.SQRT2 })"],
} as const satisfies Record<string, readonly [Init, string]>;

type Options = {
  readonly init: keyof typeof inits;
  readonly depth: number;
  readonly width: number;
  readonly activation: ActivationName;
};

/** Something of what each layer gives to its activation, by the number of the layer. */
const ofLayers = <V>(
  { layers }: Pick<StepStatistics, "layers">,
  read: (statistics: StepStatistics["layers"][string]) => V,
): ByPath<V> =>
  Object.fromEntries(
    Object.entries(layers)
      .filter(([path]) => path.startsWith("dense"))
      .map(([, statistics], i) => [String(i + 1), read(statistics)]),
  );

/** By which factor the standard deviations are away from 1, of the layer where it is most: log₂. */
export const furthest = (statistics: Pick<StepStatistics, "layers">): number =>
  Math.max(...Object.values(ofLayers(statistics, ({ std }) => Math.abs(Math.log2(std)))));

export const initTip: Experiment = experiment<Options>({
  id: "init",
  formula: String.raw`\operatorname{Var}(z_l) = n_{l-1} \operatorname{Var}(w)\, \mathrm{E}[h_{l-1}^2] \qquad \arm{heNormal}{\operatorname{Var}(w) = \frac{2}{n_{l-1}}} \quad (\text{ReLU})`,
  sizes: {
    quick: { train: 6400, validation: 1000, epochs: 1, batchSize: 64, seeds: 1 },
    full: { train: 12_800, validation: 2000, epochs: 1, batchSize: 64, seeds: 10 },
  },
  controls: [
    { id: "depth", kind: "number", from: 2, to: 12, scale: "linear", values: 11, start: 6 },
    {
      ...{ id: "width", kind: "number", from: 16, to: 256, scale: "log", values: 5, start: 128 },
      isWhole: true,
    },
    { id: "activation", kind: "choice", choices: ["relu", "tanh", "sigmoid"], start: "relu" },
  ],
  arms: ({ depth, width, activation }) =>
    Object.fromEntries(
      (Object.keys(inits) as (keyof typeof inits)[]).map((init): [string, Options] => [
        init,
        {
          ...{ init, depth: Number(depth), width: Math.round(Number(width)) },
          activation: activation as ActivationName,
        },
      ]),
    ),
  setup: ({ init, ...options }, given) => ({
    model: mlp({ ...options, kernelInit: inits[init][0] }),
    ...training(given, standardized),
    optimizer: sgd({ learningRate: 0.05 }),
    observe: statistics({ every: 1_000_000, histograms: 64 }), // the first step only
  }),
  measures: {
    furthest: atFirstStep("furthest", "lower", furthest),
    startLoss: startLoss(),
    steps: stepsToLoss(1),
    accuracy: finalAccuracy(),
  },
  records: {
    outputs: histogramsOf("first", (statistics) =>
      ofLayers(statistics, ({ histogram }) => histogram),
    ),
    deviations: curvesOf(
      (event) => (event.type === "statistics" ? ofLayers(event, ({ std }) => std) : undefined),
      "standard deviations of layers",
    ),
    losses: curveOf("loss"),
  },
  claims: [
    { id: "he", measure: "furthest", arm: "heNormal", atMost: 1 },
    { id: "orthogonal", measure: "furthest", arm: "orthogonal", atMost: 1 },
    { id: "glorot", measure: "furthest", better: "heNormal", than: "glorotNormal" },
    { id: "guess", measure: "startLoss", arm: "heNormal", atLeast: 2.2, atMost: 2.6 },
    { id: "zeros", measure: "steps", better: "heNormal", than: "zeros" },
    { id: "normal", measure: "steps", better: "heNormal", than: "normal" },
  ],
  pictures: [
    histogramGrid({
      ...{ id: "outputs", record: "outputs", x: "preActivation", columns: "layer" },
      ...{ domain: [-4, 4], isOfFirstStep: true },
    }),
    profileOf({
      ...{ id: "deviations", record: "deviations", x: "layer", at: "first", isOfFirstStep: true },
      y: { label: "std", scale: "log" },
      marks: [0.5, 2].map((value) => ({ axis: "y", value, label: "goodRange" })),
    }),
    linesOf({
      ...{ id: "losses", record: "losses", curve: "loss" },
      y: { label: "loss", scale: "log", domain: [0.1, 20] },
      marks: () => [{ axis: "y", value: Math.log(10), label: "guessing" }],
    }),
  ],
  scalingCode: () => standardizedCode,
  code: ({ init, depth, width, activation }, size, seed) => `import { ${init} } from "@tenon/init";
import { dense, flatten, ${activation}, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { fit, statistics } from "@tenon/trainer";

const kernelInit = ${inits[init][1]};
const layer = () => [dense(${width}, { kernelInit }), ${activation}()];
const hidden = Array.from({ length: ${depth - 1} }, layer).flat();
const model = sequential(flatten(), ...hidden, dense(10, { kernelInit }));
const options = {
  ...{ train, loss: crossEntropy, optimizer: sgd({ learningRate: 0.05 }) },
  ...{ ${trainedCode(size, seed)}, observe: statistics({ every: 100 }) },
};
for await (const event of fit(model, options))
  if (event.type === "statistics") console.log(event.layers["dense${depth - 1}"]!.std);`,
});
