import type { ByPath, Layer } from "@tenon/contracts";
import { avgPool2d, batchNorm, conv2d, dense, flatten } from "@tenon/layers";
import { maxPool2d, relu, residual, sequential } from "@tenon/layers";
import { momentum } from "@tenon/optimizers";
import type { Tensor } from "@tenon/tensor";
import { curveOf, curvesOf, statistics, type MeasuredEvent } from "@tenon/trainer";
import { trainedCode } from "../code.js";
import {
  experiment,
  type Experiment,
  type Picture,
  type ReadableMeasure,
  type Size,
} from "../experiment.js";
import { gated } from "../gated.js";
import { endLoss, finalAccuracy } from "../measures.js";
import { dotsOf, linesOf, ofArms, sweepOf } from "../pictures.js";
import { training } from "../training.js";

type Options = {
  readonly kind: "plain" | "residual" | "conv" | "inception";
  /** Dense layers, of `plain` and `residual`. */
  readonly depth: number;
  readonly norm: "batch" | "none";
  readonly rate: number;
};

const depths = [4, 8, 16, 32];
const width = 32;
/** The branches of the inception, in order. */
export const branches = ["1×1", "3×3", "5×5", "pool"] as const;

/** Two dense layers, as a block of a residual network has them. */
function block(norm: Options["norm"]): Layer<Tensor>[] {
  const useBias = norm === "none";
  const normed = (layer: Layer<Tensor>): Layer<Tensor>[] =>
    norm === "batch" ? [layer, batchNorm()] : [layer];
  return [...normed(dense(width, { useBias })), relu(), ...normed(dense(width, { useBias }))];
}

/** A network of dense layers: one, blocks of two, and the last one; of an even depth. */
export function deep({ kind, depth, norm }: Options): Layer<Tensor> {
  const blocks = Array.from({ length: (depth - 2) / 2 }, () =>
    kind === "residual" ? [residual(block(norm)), relu()] : [...block(norm), relu()],
  );
  return sequential(flatten(), dense(width), relu(), ...blocks.flat(), dense(10));
}

/** A network of one layer of convolutions: of one size, or of several side by side. */
function wide(kind: Options["kind"]): Layer<Tensor> {
  const padding = "same";
  const middle =
    kind === "conv"
      ? conv2d(32, 3, { padding })
      : gated(
          conv2d(8, 1, { padding }),
          conv2d(8, 3, { padding }),
          conv2d(8, 5, { padding }),
          sequential(maxPool2d(3, { strides: 1, padding }), conv2d(8, 1, { padding })),
        );
  return sequential(avgPool2d(2), middle, relu(), maxPool2d(2), flatten(), dense(10));
}

const isDeep = ({ kind }: Options): boolean => kind === "plain" || kind === "residual";

/** The gates of an observed step, by the branch. */
function gates(event: MeasuredEvent): ByPath<number> | undefined {
  if (event.type !== "statistics") return undefined;
  const found = Object.entries(event.layers).filter(([path]) => path.includes("/gate"));
  return found.length > 0
    ? Object.fromEntries(found.map(([, { mean }], i) => [branches[i]!, mean]))
    : undefined;
}

/** The gate of a branch at the last observed step. */
const lastGate = (branch: (typeof branches)[number]): ReadableMeasure<number | null> => ({
  better: "higher",
  percent: true,
  missing: "absent",
  description: { type: "lastGate", branch },
  start: null,
  update: (last, event) => gates(event)?.[branch] ?? last,
  result: (_, last) => last ?? NaN,
});

export const architecturesTip: Experiment = experiment<Options>({
  id: "architectures",
  formula: String.raw`\arm{residual}{y = x + F(x)} \qquad y = [\, \arm{1×1}{g_1} f_1(x),\ \arm{3×3}{g_2} f_2(x),\ \dots \,]`,
  sizes: {
    quick: { train: 6000, validation: 1000, epochs: 2, batchSize: 50, seeds: 1 },
    full: { train: 12_000, validation: 2000, epochs: 5, batchSize: 50, seeds: 6 },
  },
  hasConvolutions: true,
  controls: [
    { id: "rate", kind: "number", from: 0.001, to: 0.1, scale: "log", values: 21, start: 0.01 },
    { id: "norm", kind: "choice", choices: ["batch", "none"], start: "batch" },
  ],
  arms({ rate, norm }) {
    const given = { norm: norm as Options["norm"], rate: Number(rate) };
    const deep = (["plain", "residual"] as const).flatMap((kind) =>
      depths.map((depth) => [`${kind}${depth}`, { kind, depth, ...given }] as const),
    );
    return {
      ...Object.fromEntries(deep),
      conv: { kind: "conv", depth: 2, ...given },
      inception: { kind: "inception", depth: 2, ...given },
    };
  },
  setup: (options, given) => ({
    model: isDeep(options) ? deep(options) : wide(options.kind),
    ...training(given),
    optimizer: momentum({ learningRate: options.rate, rateInside: true }),
    ...(options.kind === "inception" && { observe: statistics({ every: 10 }) }),
  }),
  measures: {
    accuracy: finalAccuracy(),
    loss: endLoss(),
    three: lastGate("3×3"),
    one: lastGate("1×1"),
  },
  records: {
    losses: curveOf("loss", { points: 80 }),
    gates: curvesOf(gates, "gates"),
  },
  claims: [
    { id: "degrades", measure: "loss", better: "plain4", than: "plain32" },
    { id: "residual", measure: "accuracy", better: "residual32", than: "plain32" },
    { id: "deeper", measure: "accuracy", better: "residual32", than: "residual4" },
    { id: "inception", measure: "accuracy", better: "inception", than: "conv" },
    { id: "carries", measure: "three", arm: "inception", atLeast: 0.3 },
    { id: "single", measure: "one", arm: "inception", atMost: 0.2 },
  ],
  lines: { "plain{depth}": "plain", "residual{depth}": "residual" },
  pictures: [
    ofArms(
      sweepOf<Options>({
        ...{ id: "depth", measure: "accuracy" },
        x: { label: "depth", scale: "categories", categories: depths.map(String) },
        option: ({ depth }) => depths.indexOf(depth),
        group: ({ kind }) => kind,
        y: { label: "accuracy", scale: "linear", domain: [0, 1], percent: true },
      }),
      isDeep,
    ),
    strengths(),
    ofArms(
      linesOf({ id: "loss", record: "losses", curve: "loss", y: { label: "loss", scale: "log" } }),
      (options: Options) => isDeep(options) && (options.depth === 4 || options.depth === 32),
    ),
    ofArms(
      dotsOf({
        ...{ id: "wide", measure: "accuracy" },
        y: { label: "accuracy", scale: "linear", percent: true },
      }),
      (options: Options) => !isDeep(options),
    ),
  ],
  code,
});

/** The gate of each branch over the steps. */
function strengths(): Picture<Options> {
  const isInception = ({ kind }: Options): boolean => kind === "inception";
  const lines = branches.map((branch) =>
    ofArms(
      linesOf({
        ...{ id: "gates", record: "gates", curve: branch },
        y: { label: "gate", scale: "linear", percent: true },
      }),
      isInception,
    ),
  );
  return {
    id: "gates",
    chart(drawn) {
      const charts = lines.map((line) => line.chart(drawn));
      const series = charts.flatMap((chart, i) =>
        chart.series.map((of) => ({ ...of, arm: branches[i]! })),
      );
      return { ...charts[0]!, series };
    },
  };
}

function code({ kind, depth, norm, rate }: Options, size: Size, seed: number): string {
  const end = `import { crossEntropy } from "@tenon/losses";
import { momentum } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";
`;
  const training = `const optimizer = momentum({ learningRate: ${rate}, rateInside: true });
const options = { train, loss: crossEntropy, optimizer, ${trainedCode(size, seed)} };
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.train.loss);`;
  if (kind === "conv" || kind === "inception")
    return `${wideCode(kind, end)}
${training}`;
  const dense = norm === "batch" ? "dense(32, { useBias: false }),\n  batchNorm()" : "dense(32)";
  const names = ["dense", "flatten", "relu", "sequential"];
  if (norm === "batch") names.push("batchNorm");
  if (kind === "residual") names.push("residual");
  return `import { ${names.sort().join(", ")} } from "@tenon/layers";
${end}
const body = () => [
  ${dense},
  relu(),
  ${dense},
];
const blocks = Array.from({ length: ${(depth - 2) / 2} }, () => [${kind === "residual" ? "residual(body())" : "...body()"}, relu()]);
const model = sequential(flatten(), dense(32), relu(), ...blocks.flat(), dense(10));
${training}`;
}

function wideCode(kind: "conv" | "inception", end: string): string {
  const pool = "maxPool2d(3, { strides: 1, padding })";
  const middle =
    kind === "conv"
      ? "conv2d(32, 3, { padding })"
      : `inception(
  conv2d(8, 1, { padding }),
  conv2d(8, 3, { padding }),
  conv2d(8, 5, { padding }),
  sequential(${pool}, conv2d(8, 1, { padding })),
)`;
  const names = ["avgPool2d", "conv2d", "dense", "flatten", "maxPool2d", "relu", "sequential"];
  if (kind === "inception") names.splice(4, 0, "inception");
  const note =
    kind === "inception"
      ? "\n// In the experiment each branch is multiplied by a learned strength as well, to see it."
      : "";
  return `import { ${names.slice(0, 4).join(", ")} } from "@tenon/layers";
import { ${names.slice(4).join(", ")} } from "@tenon/layers";
${end}
const padding = "same";${note}
const middle = ${middle};
const model = sequential(avgPool2d(2), middle, relu(), maxPool2d(2), flatten(), dense(10));`;
}
