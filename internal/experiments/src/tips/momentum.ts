import { momentum } from "@tenon/optimizers";
import { curveOf, curvesOf, statistics } from "@tenon/trainer";
import { trainedCode } from "../code.js";
import type { Point, Series } from "../chart.js";
import { experiment, type Experiment, type Picture } from "../experiment.js";
import { finalAccuracy, meanLoss, stepsToLoss } from "../measures.js";
import { mlp } from "../mlp.js";
import { dotsOf, linesOf } from "../pictures.js";
import { updateNorm } from "../readings.js";
import { training } from "../training.js";
import { turnsOfLoss } from "../turns.js";

type Options = { readonly mu: number; readonly rate: number };

const factors = [0, 0.5, 0.9, 0.99];

export const momentumTip: Experiment = experiment<Options>({
  id: "momentum",
  formula: String.raw`v \leftarrow \mu v - \eta \nabla L(w) \qquad w \leftarrow w + v`,
  sizes: {
    quick: { train: 6000, validation: 1000, epochs: 2, batchSize: 50, seeds: 1 },
    full: { train: 12_000, validation: 2000, epochs: 5, batchSize: 50, seeds: 8 },
  },
  controls: [
    { id: "rate", kind: "number", from: 0.003, to: 0.3, scale: "log", values: 21, start: 0.03 },
    { id: "mu", kind: "number", from: 0, to: 0.99, scale: "linear", values: 100, start: 0.9 },
  ],
  arms({ rate, mu }) {
    const [eta, own] = [Number(rate), Number(mu)];
    return {
      ...Object.fromEntries(factors.map((mu) => [`mu=${mu}`, { mu, rate: eta }])),
      tenfold: { mu: 0, rate: Number((10 * eta).toPrecision(3)) },
      ...(!factors.includes(own) && { own: { mu: own, rate: eta } }),
    };
  },
  setup: ({ mu, rate }, given) => ({
    model: mlp({ depth: 2, width: 64, activation: "relu" }),
    ...training(given),
    optimizer: momentum({ learningRate: rate, momentum: mu, rateInside: true }),
    observe: statistics({ every: 10 }),
  }),
  measures: {
    mean: meanLoss(),
    steps: stepsToLoss(0.5),
    turns: turnsOfLoss(),
    accuracy: finalAccuracy(),
  },
  records: {
    losses: curveOf("loss", { points: 80 }),
    velocity: curvesOf(updateNorm, "updateNorm"),
  },
  claims: [
    { id: "sooner", measure: "mean", better: "mu=0.9", than: "mu=0" },
    { id: "more", measure: "mean", better: "mu=0.9", than: "mu=0.5" },
    { id: "tooMuch", measure: "mean", better: "mu=0.9", than: "mu=0.99" },
    { id: "swings", measure: "turns", better: "mu=0.9", than: "mu=0.99" },
    { id: "notOnlyRate", measure: "mean", better: "mu=0.9", than: "tenfold" },
  ],
  pictures: [
    linesOf({ id: "loss", record: "losses", curve: "loss", y: { label: "loss", scale: "log" } }),
    valley(),
    linesOf({
      ...{ id: "velocity", record: "velocity", curve: "norm" },
      y: { label: "updateNorm", scale: "log" },
    }),
    dotsOf({ id: "turns", measure: "turns", y: { label: "turns", scale: "linear" } }),
  ],
  code: (
    { mu, rate },
    size,
    seed,
  ) => `import { dense, flatten, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { momentum } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const model = sequential(flatten(), dense(64), relu(), dense(10));
const optimizer = momentum({ learningRate: ${rate}, momentum: ${mu}, rateInside: true });
const options = { train, loss: crossEntropy, optimizer, ${trainedCode(size, seed)} };
for await (const event of fit(model, options))
  if (event.type === "step") console.log(event.loss);`,
});

/** The curvatures of the valley (a x² + b y²) / 2: along it and across it. */
export const curvatures = [0.5, 10] as const;
const from = [-1, 0.4] as const;

/**
 * The way of gradient descent with momentum from one side of a valley, (a x² + b y²) / 2: v ← μv −
 * ηg, w ← w + v, with the gradient g = (a x, b y). It ends where it leaves the picture for good.
 */
export function valleyPath({ mu, rate }: Options, steps: number): readonly Point[] {
  const w: number[] = [...from];
  const v = [0, 0];
  const points: Point[] = [{ x: w[0]!, y: w[1]! }];
  for (let step = 0; step < steps; step++) {
    for (const i of [0, 1]) {
      v[i] = mu * v[i]! - rate * curvatures[i]! * w[i]!;
      w[i] = w[i]! + v[i]!;
    }
    points.push({ x: w[0]!, y: w[1]! });
    if (w.some((value) => Math.abs(value) > 100)) break;
  }
  return points;
}

/** The ellipse on which (a x² + b y²) / 2 has a value. */
function level(value: number): readonly Point[] {
  const [rx, ry] = curvatures.map((c) => Math.sqrt((2 * value) / c)) as [number, number];
  return Array.from({ length: 65 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 64;
    return { x: rx * Math.cos(angle), y: ry * Math.sin(angle) };
  });
}

function valley(): Picture<Options> {
  return {
    id: "valley",
    isComputed: true,
    chart: ({ arms }) => ({
      x: { label: "along", scale: "linear", domain: [-1.2, 1.2] },
      y: { label: "across", scale: "linear", domain: [-0.6, 0.6] },
      series: Object.entries(arms).map(([arm, options]): Series => ({
        arm,
        kind: "path",
        points: valleyPath(options, 60),
      })),
      levels: [0.01, 0.05, 0.15, 0.3, 0.5, 0.8, 1.2].map(level),
    }),
  };
}
