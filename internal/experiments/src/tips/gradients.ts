import type { ByPath, StepStatistics } from "@tenon/contracts";
import { normal, varianceScaling } from "@tenon/init";
import { sgd } from "@tenon/optimizers";
import { curveOf, curvesOf, statistics } from "@tenon/trainer";
import { trainedCode } from "../code.js";
import { experiment, type Experiment, type Size } from "../experiment.js";
import { linesOf, profileOf } from "../pictures.js";
import { atFirstStep, finalAccuracy, stepsToLoss } from "../measures.js";
import { activations, mlp, type ActivationName } from "../mlp.js";
import { training } from "../training.js";

type Options = {
  readonly depth: number;
  readonly activation: ActivationName;
  /** The standard deviation of weights: `normal` is N(0, 1), the others fit the width. */
  readonly init: "normal" | "glorot" | "he" | "gain";
  /** With `gain`, the standard deviation is gain / √inputs. */
  readonly gain: number;
};

const kernelInit = ({ init, gain }: Options) =>
  init === "normal"
    ? normal({ std: 1 })
    : varianceScaling({
        scale: { glorot: 1, he: 2, gain: gain * gain }[init],
        mode: init === "glorot" ? "fanAvg" : "fanIn",
        distribution: "normal",
      });

/** The L2 norm of the gradient of each layer's weights, from the first layer to the last. */
export const gradientNorms = ({ params }: Pick<StepStatistics, "params">): ByPath<number> =>
  Object.fromEntries(
    Object.entries(params)
      .filter(([path]) => path.endsWith("/kernel"))
      .map(([, { gradientNorm }], i) => [String(i + 1), gradientNorm]),
  );

/**
 * Of each activation the fraction of outputs at which its gradient is almost 0: those near a bound
 * of sigmoid or tanh, and the units of a ReLU that are 0 for the whole batch.
 */
const flatFractions = ({ layers }: Pick<StepStatistics, "layers">): ByPath<number> =>
  Object.fromEntries(
    Object.entries(layers)
      .filter(([path]) => activations.some((name) => path.startsWith(name)))
      .map(([, { saturated, dead }], i) => [String(i + 1), Math.max(saturated, dead)]),
  );

export const gradientsTip: Experiment = experiment<Options>({
  id: "gradients",
  formula: String.raw`\frac{\partial L}{\partial h_1} = \Big(\prod_{l=2}^{n} W_l^\top \operatorname{diag}\, f'(z_l)\Big) \frac{\partial L}{\partial h_n}`,
  sizes: {
    quick: { train: 6000, validation: 1000, epochs: 1, batchSize: 32, seeds: 1 },
    full: { train: 12_000, validation: 2000, epochs: 5, batchSize: 32, seeds: 8 },
  },
  controls: [
    { id: "depth", kind: "number", from: 2, to: 16, scale: "linear", values: 15, start: 8 },
    { id: "activation", kind: "choice", choices: [...activations], start: "tanh" },
    { id: "gain", kind: "number", from: 0.1, to: 10, scale: "log", values: 21, start: 1 },
  ],
  arms({ depth, activation, gain }) {
    const arm = (activation: ActivationName, init: Options["init"], gain = 1): Options => ({
      ...{ depth: Number(depth), activation, init, gain },
    });
    return {
      sigmoidNormal: arm("sigmoid", "normal"),
      sigmoidGlorot: arm("sigmoid", "glorot"),
      reluNormal: arm("relu", "normal"),
      reluHe: arm("relu", "he"),
      own: arm(activation as ActivationName, "gain", Number(gain)),
    };
  },
  setup: (options, given) => ({
    model: mlp({ ...options, width: 100, kernelInit: kernelInit(options) }),
    ...training(given),
    optimizer: sgd({ learningRate: 0.1 }),
    observe: statistics({ every: 10 }),
  }),
  measures: {
    ratio: atFirstStep("ratio", "higher", (statistics) => {
      const norms = Object.values(gradientNorms(statistics));
      return Math.log10(norms[0]! / norms.at(-1)!);
    }),
    largest: atFirstStep("largest", "lower", (statistics) =>
      Math.log10(Math.max(...Object.values(gradientNorms(statistics)))),
    ),
    steps: stepsToLoss(1),
    accuracy: finalAccuracy(),
  },
  records: {
    losses: curveOf("loss"),
    norms: curvesOf(
      (event) => (event.type === "statistics" ? gradientNorms(event) : undefined),
      "gradient norms",
    ),
    flat: curvesOf(
      (event) => (event.type === "statistics" ? flatFractions(event) : undefined),
      "flat fractions",
    ),
  },
  claims: [
    { id: "vanish", measure: "ratio", arm: "sigmoidGlorot", atMost: -2 },
    { id: "explode", measure: "largest", better: "reluHe", than: "reluNormal", by: 3 },
    { id: "even", measure: "ratio", arm: "reluHe", atLeast: -1, atMost: 1 },
    { id: "learns", measure: "steps", better: "reluHe", than: "sigmoidGlorot" },
  ],
  pictures: [
    profileOf({
      ...{ id: "norms", record: "norms", x: "layer", at: "all" },
      y: { label: "layerGradient", scale: "log" },
    }),
    linesOf({
      ...{ id: "losses", record: "losses", curve: "loss" },
      y: { label: "loss", scale: "log", domain: [0.1, 20] },
    }),
    profileOf({
      ...{ id: "flat", record: "flat", x: "layer", at: "all" },
      y: { label: "flat", scale: "linear", percent: true },
    }),
  ],
  code,
});

function code({ depth, activation, init, gain }: Options, size: Size, seed: number): string {
  const inits = {
    normal: ["normal", "normal({ std: 1 })"],
    glorot: ["glorotNormal", "glorotNormal({ truncated: false })"],
    he: ["heNormal", "heNormal({ truncated: false })"],
    gain: [
      "varianceScaling",
      `varianceScaling({ scale: ${gain} * ${gain}, mode: "fanIn", distribution: "normal" })`,
    ],
  } as const;
  const [name, call] = inits[init];
  return `import { ${name} } from "@tenon/init";
import { dense, flatten, ${activation}, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { fit, statistics } from "@tenon/trainer";

const kernelInit = ${call};
const hidden = Array.from({ length: ${depth - 1} }, () => [dense(100, { kernelInit }), ${activation}()]);
const model = sequential(flatten(), ...hidden.flat(), dense(10, { kernelInit }));
const optimizer = sgd({ learningRate: 0.1 });
const lengths = { ${trainedCode(size, seed)} };
const options = { train, loss: crossEntropy, optimizer, ...lengths, observe: statistics({ every: 10 }) };
for await (const event of fit(model, options))
  if (event.type === "statistics") console.log(event.params["dense1/kernel"]!.gradientNorm);`;
}
