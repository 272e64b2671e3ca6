import type { Json, Transform } from "@tenon/contracts";
import { heNormal } from "@tenon/init";
import { chain, clipByGlobalNorm, sgd } from "@tenon/optimizers";
import { curveOf, curvesOf, statistics } from "@tenon/trainer";
import { trainedCode } from "../code.js";
import type { Mark, Point, Series } from "../chart.js";
import { experiment, type Experiment, type Picture, type ShownRun } from "../experiment.js";
import { endLoss, finalAccuracy, meanLoss } from "../measures.js";
import { mlp } from "../mlp.js";
import { curvesIn, linesOf, pointOf } from "../pictures.js";
import { gradientNorm } from "../readings.js";
import { training } from "../training.js";

type Options = {
  /** How far a gradient is scaled down: to norm 1, or to θ. */
  readonly form: "none" | "tutorial" | "usual";
  readonly threshold: number;
  readonly rate: number;
  /** How many times as large as He's the initial values are. */
  readonly gain: number;
};

/** Hidden layers, and units of each. */
const [depth, units] = [6, 64];

const optimizerOf = ({ form, threshold, rate }: Options): Transform => {
  const descent = sgd({ learningRate: rate });
  return form === "none" ? descent : chain(clipByGlobalNorm(threshold, { form }), descent);
};

export const clippingTip: Experiment = experiment<Options>({
  id: "clipping",
  formula: String.raw`g \leftarrow \frac{g}{\lVert g \rVert} \quad (\lVert g \rVert > \theta)`,
  sizes: {
    quick: { train: 6000, validation: 1000, epochs: 2, batchSize: 50, seeds: 1 },
    full: { train: 12_000, validation: 2000, epochs: 3, batchSize: 50, seeds: 8 },
  },
  controls: [
    { id: "threshold", kind: "number", from: 0.1, to: 100, scale: "log", values: 31, start: 1 },
    { id: "rate", kind: "number", from: 0.01, to: 1, scale: "log", values: 21, start: 0.1 },
    { id: "gain", kind: "number", from: 1, to: 2, scale: "linear", values: 11, start: 1.6 },
  ],
  arms(values) {
    const [rate, gain, own] = [values["rate"], values["gain"], values["threshold"]].map(Number);
    const arm = (form: Options["form"], threshold: number, times = 1): Options => ({
      ...{ form, threshold, rate: Number((times * rate!).toPrecision(3)), gain: gain! },
    });
    return {
      none: arm("none", 0),
      one: arm("tutorial", 1),
      ten: arm("tutorial", 10),
      tenUsual: arm("usual", 10),
      slower: arm("none", 0, 0.3),
      ...(own !== 1 && own !== 10 && { own: arm("tutorial", own!) }),
    };
  },
  setup: (options, given) => ({
    model: mlp({
      ...{ depth: depth + 1, width: units, activation: "relu" },
      kernelInit: heNormal({ gain: options.gain * Math.SQRT2 }),
    }),
    ...training(given),
    optimizer: optimizerOf(options),
    observe: statistics({ every: 4 }),
  }),
  measures: {
    mean: meanLoss(),
    loss: endLoss(),
    accuracy: finalAccuracy(),
  },
  records: {
    losses: curveOf("loss", { points: 80 }),
    norms: curvesOf(gradientNorm, "gradientNorm"),
  },
  claims: [
    { id: "one", measure: "loss", better: "one", than: "none" },
    { id: "ten", measure: "loss", better: "ten", than: "none" },
    { id: "smaller", measure: "loss", better: "one", than: "tenUsual" },
    { id: "faster", measure: "loss", better: "one", than: "slower" },
  ],
  pictures: [
    linesOf({
      ...{ id: "loss", record: "losses", curve: "loss" },
      y: { label: "loss", scale: "log", domain: [0.2, 1000] },
    }),
    linesOf({
      ...{ id: "norms", record: "norms", curve: "norm" },
      y: { label: "gradientNorm", scale: "log", domain: [0.1, 1e5] },
      marks: ({ arms }) => thresholds(arms),
    }),
    clippedShare(),
  ],
  code({ form, threshold, rate, gain }, size, seed) {
    const isClipped = form !== "none";
    const how = form === "tutorial" ? ', { form: "tutorial" }' : "";
    const optimizer = isClipped
      ? `chain(clipByGlobalNorm(${threshold}${how}), sgd({ learningRate: ${rate} }))`
      : `sgd({ learningRate: ${rate} })`;
    return `import { heNormal } from "@tenon/init";
import { dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { ${isClipped ? "chain, clipByGlobalNorm, sgd" : "sgd"} } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const kernelInit = heNormal({ gain: ${gain} * Math.SQRT2 });
const hidden = Array.from({ length: ${depth} }, () => [dense(${units}, { kernelInit }), relu()]);
const model = sequential(flatten(), ...hidden.flat(), dense(10, { kernelInit }));
const optimizer = ${optimizer};
const options = { train, loss: crossEntropy, optimizer, ${trainedCode(size, seed)} };
for await (const event of fit(model, options))
  if (event.type === "step") console.log(event.loss);`;
  },
});

/** A line at each threshold of an arm. */
const thresholds = (arms: Readonly<Record<string, Json>>): Mark[] => {
  const all = (Object.values(arms) as Options[]).map(({ threshold }) => threshold);
  return [...new Set(all)]
    .filter((value) => value > 0)
    .map((value) => ({ axis: "y", value, label: "threshold" }));
};

/** The fraction of the observed steps whose gradient was clipped, for each arm that clips. */
function clippedShare(): Picture<Options> {
  const share = ({ records }: ShownRun, threshold: number): number | null => {
    const norms = curvesIn(records, "norms").values["norm"] ?? [];
    const above = norms.filter((norm) => norm === null || norm > threshold);
    return norms.length > 0 ? above.length / norms.length : null;
  };
  return {
    id: "clipped",
    chart({ arms, runs }) {
      const names = Object.keys(arms).filter((arm) => arms[arm]!.form !== "none");
      const point = (arm: string, i: number): Point => {
        const ofArm = runs.filter((run) => run.arm === arm);
        return pointOf(
          i,
          ofArm.map((run) => share(run, arms[arm]!.threshold)),
        );
      };
      return {
        x: { label: "arm", scale: "categories", categories: names },
        y: { label: "clippedSteps", scale: "linear", domain: [0, 1], percent: true },
        series: names.map((arm, i): Series => ({ arm, kind: "bars", points: [point(arm, i)] })),
      };
    },
  };
}
