import type { Schedule } from "@tenon/contracts";
import { momentum } from "@tenon/optimizers";
import { constant, cosineDecay, exponentialDecay } from "@tenon/schedulers";
import { oneCycle, piecewiseInterpolate } from "@tenon/schedulers";
import { curveOf, finalOf } from "@tenon/trainer";
import { trainedCode } from "../code.js";
import type { Point, Series } from "../chart.js";
import { experiment, type Control, type Experiment } from "../experiment.js";
import type { Picture, Size, Values } from "../experiment.js";
import { endLoss, finalAccuracy } from "../measures.js";
import { mlp } from "../mlp.js";
import { curvesIn, linesOf, ofArms } from "../pictures.js";
import { training } from "../training.js";

type Options = {
  readonly schedule: "constant" | "exponential" | "cosine" | "oneCycle" | "own" | "rising";
  /** The highest rate, but of one's own. */
  readonly rate: number;
  /**
   * Of one's own: the rate in the middle and at the end, as fractions of `rate`; at the start 1.
   */
  readonly middle: number;
  readonly end: number;
  /** Of one's own, where it is not two straight lines: the fractions at each quarter of the run. */
  readonly points?: readonly number[];
};

/** The points of one's own schedule, as they are before a reader moves them: two straight lines. */
const ownPoints = { first: 1, quarter: 1, middle: 1, threeQuarters: 0.5, end: 0 };

/** The options of one's own schedule. */
function ownOf(values: Values): Pick<Options, "middle" | "end" | "points"> {
  const points = Object.keys(ownPoints).map((id) => Number(values[id]));
  const [first, quarter, middle, threeQuarters, end] = points as [number, ...number[]] & number[];
  const isStraight =
    first === 1 && quarter === (1 + middle!) / 2 && threeQuarters === (middle! + end!) / 2;
  return { middle: middle!, end: end!, ...(!isStraight && { points }) };
}

const names = ["constant", "exponential", "cosine", "oneCycle", "own"] as const;

/** How many steps an epoch and a run have. */
function stepsOf({ train, batchSize, epochs }: Size): { perEpoch: number; steps: number } {
  const perEpoch = Math.ceil(train / batchSize);
  return { perEpoch, steps: perEpoch * epochs };
}

/** The learning rate of an arm in a run of this size, as a function of the step. */
export function scheduleOf(options: Options, size: Size): Schedule {
  const { schedule, rate, middle, end, points = [1, middle, end] } = options;
  const { perEpoch, steps } = stepsOf(size);
  switch (schedule) {
    case "constant":
      return constant({ value: rate });
    case "exponential":
      return exponentialDecay({ start: rate, decayRate: 0.98, steps: perEpoch, staircase: true });
    case "cosine":
      return cosineDecay({ start: rate, steps });
    case "oneCycle":
      return oneCycle({ peak: rate, steps });
    case "rising":
      return exponentialDecay({ start: 1e-3, decayRate: 1e4, steps });
    case "own":
      return piecewiseInterpolate({
        boundaries: points.map((_, i) => (i * steps) / (points.length - 1)),
        values: points.map((point) => point * rate),
      });
  }
}

const calls = {
  constant: ({ rate }: Options) => `constant({ value: ${rate} })`,
  exponential: ({ rate }: Options) =>
    `exponentialDecay({
  start: ${rate},
  decayRate: 0.98,
  steps: stepsPerEpoch,
  staircase: true,
})`,
  cosine: ({ rate }: Options) => `cosineDecay({ start: ${rate}, steps })`,
  oneCycle: ({ rate }: Options) => `oneCycle({ peak: ${rate}, steps })`,
  rising: () => "exponentialDecay({ start: 0.001, decayRate: 10_000, steps })",
  own: ({ rate, middle, end, points }: Options) => `piecewiseInterpolate({
  boundaries: [0, ${points ? "steps / 4, steps / 2, (3 * steps) / 4" : "steps / 2"}, steps],
  values: [${(points ?? [1, middle, end]).join(", ")}].map((part) => part * ${rate}),
})`,
};

const isTrained = ({ schedule }: Options): boolean => schedule !== "rising";

export const decayTip: Experiment = experiment<Options>({
  id: "decay",
  formula: String.raw`\arm{exponential}{\eta_t = \eta_0 \cdot 0.98^{\word{epoch}}} \qquad \arm{cosine}{\eta_t = \tfrac{\eta_0}{2} \left(1 + \cos \tfrac{\pi t}{T}\right)}`,
  sizes: {
    quick: { train: 8000, validation: 2000, epochs: 4, batchSize: 50, seeds: 1 },
    full: { train: 12_000, validation: 10_000, epochs: 8, batchSize: 50, seeds: 8 },
  },
  controls: [
    { id: "rate", kind: "number", from: 0.02, to: 2, scale: "log", values: 21, start: 0.2 },
    ...Object.entries(ownPoints).map(([id, start]): Control => ({
      ...{ id, kind: "number", from: 0, to: 1.5, scale: "linear", values: 31, start },
      group: "own",
    })),
  ],
  arms(values) {
    const rate = Number(values["rate"]);
    const numbers = { rate, middle: ownPoints.middle, end: ownPoints.end };
    return {
      ...Object.fromEntries(names.map((schedule) => [schedule, { schedule, ...numbers }])),
      own: { schedule: "own", rate, ...ownOf(values) },
      low: { ...numbers, schedule: "constant", rate: Number((rate / 5).toPrecision(3)) },
      rising: { ...numbers, schedule: "rising" },
    };
  },
  setup: (options, given) => ({
    model: mlp({ depth: 2, width: 64, activation: "relu" }),
    ...training(given),
    optimizer: momentum({ learningRate: scheduleOf(options, given.size), rateInside: true }),
  }),
  measures: {
    accuracy: finalAccuracy(),
    loss: finalOf("validation.loss", "lower"),
    trainLoss: endLoss(),
  },
  records: {
    losses: curveOf("loss", { points: 40 }),
    accuracies: curveOf("validation.accuracy"),
  },
  claims: [
    { id: "exponential", measure: "accuracy", better: "exponential", than: "constant" },
    { id: "cosine", measure: "accuracy", better: "cosine", than: "constant" },
    { id: "oneCycle", measure: "accuracy", better: "oneCycle", than: "constant" },
    { id: "low", measure: "accuracy", better: "cosine", than: "low" },
    { id: "loss", measure: "trainLoss", better: "cosine", than: "constant" },
  ],
  pictures: [
    ofArms(rates(), isTrained),
    ofArms(
      linesOf({ id: "loss", record: "losses", curve: "loss", y: { label: "loss", scale: "log" } }),
      isTrained,
    ),
    ofArms(
      linesOf({
        ...{ id: "accuracy", record: "accuracies", curve: "validation.accuracy", x: "epoch" },
        y: { label: "accuracy", scale: "linear", percent: true },
      }),
      isTrained,
    ),
    finder(),
  ],
  code(options, size, seed) {
    const { batchSize, epochs } = size;
    const call = calls[options.schedule](options);
    const perEpoch = `const stepsPerEpoch = Math.ceil(train.size / ${batchSize});\n`;
    const all = `const steps = ${epochs} * Math.ceil(train.size / ${batchSize});\n`;
    const lengths = call.includes("stepsPerEpoch") ? perEpoch : call.includes("steps") ? all : "";
    return `import { dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { momentum } from "@tenon/optimizers";
import { ${call.slice(0, call.indexOf("("))} } from "@tenon/schedulers";
import { fit } from "@tenon/trainer";

${lengths}const learningRate = ${call};
const optimizer = momentum({ learningRate, rateInside: true });
const model = sequential(flatten(), dense(64), relu(), dense(10));
const options = { train, loss: crossEntropy, optimizer, ${trainedCode(size, seed)} };
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.train.loss);`;
  },
});

/** The learning rate of each arm at a hundred steps of the run. */
function rates(): Picture<Options> {
  return {
    id: "rates",
    isComputed: true,
    chart({ arms, size }) {
      const { steps } = stepsOf(size);
      const points = Math.min(steps, 100);
      const at = Array.from({ length: points }, (_, i) =>
        Math.round((i * (steps - 1)) / Math.max(1, points - 1)),
      );
      return {
        x: { label: "step", scale: "linear" },
        y: { label: "rate", scale: "linear" },
        series: Object.entries(arms).map(([arm, options]): Series => {
          const rate = scheduleOf(options, size);
          return { arm, kind: "line", points: at.map((x) => ({ x, y: rate(x) })) };
        }),
      };
    },
  };
}

/** The training loss over the rising rate, and the rate at which it falls most steeply. */
function finder(): Picture<Options> {
  return {
    id: "finder",
    chart({ arms, runs, size }) {
      const rate = scheduleOf(arms["rising"]!, size);
      const first = runs.find(({ arm }) => arm === "rising");
      const { steps, values } = curvesIn(first?.records, "losses");
      const points = steps.map((step, i): Point => ({ x: rate(step), y: values["loss"]![i]! }));
      const steepest = steepestOf(points);
      return {
        x: { label: "rate", scale: "log" },
        y: { label: "loss", scale: "log", domain: [0.1, 10] },
        series: [{ arm: "rising", kind: "line", points }],
        ...(steepest !== undefined && {
          marks: [{ axis: "x", value: steepest, label: "steepest" }],
        }),
      };
    },
  };
}

/**
 * Where the smoothed values of points fall most from one neighbour to the other, before the lowest
 * one: as `learningRateFinder` has it, for means of several steps. Undefined where they never fall.
 */
export function steepestOf(points: readonly Point[]): number | undefined {
  const smoothed: number[] = [];
  for (const { y } of points) {
    if (y === null) break;
    smoothed.push(((smoothed.at(-1) ?? y) + y) / 2);
  }
  const lowest = smoothed.indexOf(Math.min(...smoothed));
  let [best, found] = [0, undefined as number | undefined];
  for (let i = 1; i < lowest; i++) {
    const slope = smoothed[i + 1]! - smoothed[i - 1]!;
    if (slope < best) [best, found] = [slope, points[i]!.x];
  }
  return found;
}
