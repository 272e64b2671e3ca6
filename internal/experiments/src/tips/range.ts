import type { Scaling } from "@tenon/data";
import { dense, flatten, relu, sequential } from "@tenon/layers";
import { adam, sgd } from "@tenon/optimizers";
import { curveOf, finalOf } from "@tenon/trainer";
import { standardizedCode, trainedCode } from "../code.js";
import { cellsDomain, cellsOf } from "../cells.js";
import type { Series } from "../chart.js";
import { standardized } from "../digits.js";
import { experiment, type Experiment, type Picture } from "../experiment.js";
import { float32Bits, float32Spacing } from "../float32.js";
import { finalAccuracy } from "../measures.js";
import { linesOf, selected, sweepOf } from "../pictures.js";
import { training } from "../training.js";

type Options = {
  /** The largest input; the smallest is 0. Null: mean 0 and standard deviation 1 instead. */
  readonly largest: number | null;
  readonly optimizer: string;
  /** The name of the loss curve in the first picture; null where it is in the sweep only. */
  readonly curve: string | null;
};

/** Of the sweep: 10⁻³ to 10³ in half decades. */
const sweep = Array.from({ length: 13 }, (_, i) => Number((10 ** (i / 2 - 3)).toPrecision(3)));

const scalingOf = ({ largest }: Options): Scaling =>
  largest === null ? standardized : { center: 0, scale: 255 / largest };

/** How far a float32 number is from the next one, from 10⁻¹² to 10¹². */
const spacing: Picture = {
  id: "spacing",
  isComputed: true,
  chart() {
    const at = Array.from({ length: 80 }, (_, i) => 2 ** (i - 40));
    return {
      x: { label: "number", scale: "log" },
      y: { label: "spacing", scale: "log" },
      series: [
        {
          ...{ arm: "spacing", kind: "line" },
          points: at.flatMap((x) => [x, x * 1.999].map((x) => ({ x, y: float32Spacing(x) }))),
        },
        { arm: "sum", kind: "dots", points: [{ x: 1e10, y: float32Spacing(1e10) }] },
      ],
      marks: [
        { axis: "x", value: 1e10, label: "largeTerm" },
        { axis: "y", value: 1e-10, label: "smallTerm" },
      ],
    };
  },
};

/** The bits of float32 numbers in a row, with a gap after the sign and after the exponent. */
function bitsOf(arm: string, bits: readonly [string, string, string]): readonly Series[] {
  const row = bits.join(" ");
  const isBit = (at: number): boolean => row[at] !== " ";
  return cellsOf({ arm }, [1, row.length], (_, at) => row[at] === "1").map((series) => ({
    ...series,
    points: series.points.filter(({ x }) => isBit(x)),
  }));
}

/**
 * The fraction that a number has where its exponent is made that of a larger one, as in a sum: its
 * bits move to the right, and those after the last place are lost.
 */
export function shiftedBits(x: number, exponentOf: number): readonly [string, string, string] {
  const [sign, exponent] = float32Bits(exponentOf);
  const places = Math.trunc(x / float32Spacing(exponentOf));
  return [sign, exponent, places.toString(2).padStart(23, "0")];
}

/** The sum of 10¹⁰ and 10⁻¹⁰ in float32, bit by bit. */
const sumBits: Picture = {
  id: "bits",
  isComputed: true,
  chart: () => ({
    x: { label: "floatBits", scale: "linear", domain: cellsDomain(34) },
    y: { label: "floatBits", scale: "linear", domain: cellsDomain(1) },
    columns: "bits",
    series: [
      ...bitsOf("largeTerm", float32Bits(1e10)),
      ...bitsOf("smallTerm", float32Bits(1e-10)),
      ...bitsOf("shiftedTerm", shiftedBits(1e-10, 1e10)),
      ...bitsOf("sum", float32Bits(Math.fround(Math.fround(1e10) + Math.fround(1e-10)))),
    ],
  }),
};

export const rangeTip: Experiment = experiment<Options>({
  id: "range",
  formula: String.raw`\arm{standardized}{x \leftarrow \frac{x - \mu}{\sigma}} \qquad \frac{\partial L}{\partial W} = x^\top \frac{\partial L}{\partial z}`,
  sizes: {
    quick: { train: 6000, validation: 1000, epochs: 1, batchSize: 32, seeds: 1 },
    full: { train: 12_000, validation: 10_000, epochs: 2, batchSize: 32, seeds: 6 },
  },
  controls: [
    { id: "largest", kind: "number", from: 1e-3, to: 1e3, scale: "log", values: 25, start: 10 },
    { id: "optimizer", kind: "choice", choices: ["sgd", "adam"], start: "sgd" },
  ],
  arms({ largest, optimizer }) {
    const arm = (largest: number | null, curve: string | null = null): Options => ({
      ...{ largest, optimizer: String(optimizer), curve },
    });
    return {
      raw: arm(255, "raw"),
      unit: arm(1, "unit"),
      standardized: arm(null, "standardized"),
      own: arm(Number(largest), "own"),
      ...Object.fromEntries(
        sweep.filter((k) => k !== 1).map((k) => [`largest=${k}`, arm(k)] as const),
      ),
    };
  },
  setup: (options, given) => ({
    model: sequential(flatten(), dense(64), relu(), dense(10)),
    ...training(given, scalingOf(options)),
    optimizer: options.optimizer === "adam" ? adam() : sgd({ learningRate: 0.1 }),
  }),
  measures: {
    loss: finalOf("validation.loss", "lower"),
    accuracy: finalAccuracy(),
  },
  records: { losses: curveOf("loss") },
  claims: [
    { id: "unit", measure: "loss", better: "unit", than: "raw" },
    { id: "standardized", measure: "loss", better: "standardized", than: "unit" },
    { id: "small", measure: "loss", better: "unit", than: "largest=0.01" },
    { id: "large", measure: "loss", better: "unit", than: "largest=100" },
  ],
  lines: {
    largeTerm: "sum",
    smallTerm: "sum",
    shiftedTerm: "sum",
    "largest={largest}": "sweep",
  },
  pictures: [
    selected<Options>(
      linesOf({
        ...{ id: "losses", record: "losses", curve: "loss" },
        y: { label: "loss", scale: "log", domain: [0.1, 1000] },
      }),
      ({ curve }) => curve ?? undefined,
    ),
    selected<Options>(
      sweepOf<Options>({
        ...{ id: "sweep", measure: "loss" },
        x: { label: "largestInput", scale: "log" },
        ...{ option: ({ largest }) => largest!, group: () => "sweep" },
        y: { label: "validationLoss", scale: "log" },
        marks: ({ values }) => [
          { axis: "x", value: Number(values["largest"]), label: "ownInput" },
          { axis: "x", value: 1, label: "unitInput" },
          { axis: "x", value: 255, label: "rawInput" },
        ],
      }),
      ({ largest, curve }) => (largest === null ? undefined : `${curve} ${largest}`),
    ),
    sumBits,
    spacing,
  ],
  scalingCode: ({ largest }) =>
    largest === null ? standardizedCode : `{ center: 0, scale: 255 / ${largest} }`,
  code: (
    { optimizer },
    size,
    seed,
  ) => `import { dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { ${optimizer} } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const model = sequential(flatten(), dense(64), relu(), dense(10));
const optimizer = ${optimizer === "adam" ? "adam()" : "sgd({ learningRate: 0.1 })"};
const options = { train, loss: crossEntropy, optimizer, ${trainedCode(size, seed)} };
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.train.loss);`,
});
