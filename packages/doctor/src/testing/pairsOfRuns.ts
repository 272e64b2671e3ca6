import type { RunEvent } from "../addEvent.js";
import type { DataMeasures, RunRecord, Setup } from "../record.js";
import type { Pair } from "./pair.js";
import {
  constant,
  data,
  epochsOf,
  falling,
  layers,
  recordOf,
  restingEpochs,
  setup,
  stepsOf,
  type Said,
} from "./records.js";

const withData = (more: Partial<DataMeasures>, events: readonly RunEvent[] = []): RunRecord =>
  recordOf(events, { setup, data: { ...data, ...more } });
const always = (said: Said) => (): Said => said;
const start = Math.log(4);
const exploding: Said = { params: { "*": { gradientNorm: 60, updateNorm: 3 } } };
const large: Said = { params: { "*": { updateNorm: 2 } } };
const normed = [
  layers[0]!,
  { path: "batchNorm1", type: "batchNorm", output: [16], momentum: 0.99 },
  ...layers.slice(1),
];
const slow = stepsOf(constant(60, 1.38), always({ params: { "*": { updateNorm: 4e-6 } } }));
const kept = (rate: number): Setup => ({
  ...setup,
  layers: [...layers.slice(0, 4), { path: "dropout1", type: "dropout", rate }, layers[4]!],
});
/** Updates that fall by ten at regular intervals, while the loss falls to 0.8 and stays. */
const decaying = (every: number): RunEvent[] =>
  stepsOf(
    Array.from({ length: 200 }, (_, i) => 1.386 - Math.min(i, 60) / 100),
    (step) => ({ params: { "*": { updateNorm: 0.04 * 10 ** (-step / every) } } }),
  );

const rare = { ...data, classCounts: [512, 48, 40, 40] };
const withAccuracy = (accuracy: number): RunEvent[] =>
  restingEpochs(8, 0.71).map((event) =>
    event.type === "epoch" ? { ...event, train: { loss: 0.71, accuracy } } : event,
  );
const shifted = stepsOf(falling(20), always({ layers: { dense1: { mean: 4, std: 1 } } }));
const unknownMomentum: Setup = {
  ...setup,
  layers: normed.map(({ path, type, ...rest }) => ({
    ...{ path, type, output: [16], ...("params" in rest && { params: rest.params! }) },
  })),
};
const endOf = (mean: number): RunEvent => ({
  type: "end",
  stats: { "batchNorm1/mean": { data: [mean] }, "batchNorm1/variance": { data: [1] } },
});

/** Kernels that decay and whose norm becomes this fraction of the first, and epochs afterwards. */
const shrinking = (
  fraction: number,
  epochs: readonly RunEvent[],
  more: Partial<Setup> = {},
): RunRecord =>
  recordOf(
    [
      ...stepsOf(constant(100, 1.38), (step) => ({
        params: { "*": { norm: step > 1 ? 4 * fraction : 4 } },
      })),
      ...epochs,
    ],
    {
      setup: {
        ...setup,
        ...more,
        decays: [1, 2, 3].map((i) => ({ path: `dense${i}/kernel`, shape: [16, 16], rate: 1e-9 })),
        epochs: 5,
      },
      data,
    },
  );
const penalties = { penalties: true };

/** A layer of this many inputs and one output that explains a fiftieth of the values' variance. */
const oneLayer = (inputs: number): RunRecord =>
  recordOf(
    [
      ...stepsOf(constant(160, 0.985), () => ({
        params: { "*": { size: inputs } },
      })),
      ...restingEpochs(8, 0.98, 0.98),
    ],
    {
      setup: { ...setup, loss: "mse", examples: 1000 },
      data: { ...data, targets: { mean: 0, std: 1, min: -3, max: 3 } },
    },
  );

/** The same steps and epochs, at the end of a run whose beginning is not known. */
const later = (events: readonly RunEvent[]): RunEvent[] =>
  events.map((event) => ("step" in event ? { ...event, step: event.step + 1000 } : event));

/** Of rules that read steps and epochs. */
export const pairsOfRuns: readonly Pair[] = [
  [
    "learningRateTooHigh",
    "rises",
    recordOf(stepsOf([start, ...constant(15, 2.2)], always(large))),
    recordOf(stepsOf([start, ...constant(15, 1.9)], always(large))),
  ],
  [
    "learningRateTooHigh",
    "stays",
    recordOf(stepsOf(constant(50, 1.38), always(large))),
    recordOf(stepsOf(constant(49, 1.38), always(large))),
  ],
  [
    "learningRateTooHigh",
    "risesUnobserved",
    recordOf(stepsOf([1.4, 2, 3, 4, 5, 6, 7], () => undefined)),
    recordOf(stepsOf([1.4, 2, 2, 2, 2, 2, 2], () => undefined)),
  ],
  [
    "learningRateTooHigh",
    "spoilt",
    recordOf(
      stepsOf(constant(8, 1.2), (step) => ({
        ...large,
        layers: { relu1: { dead: step > 1 ? 0.75 : 0 } },
      })),
    ),
    recordOf(
      stepsOf(constant(8, 1.2), (step) => ({
        ...large,
        layers: { relu1: { dead: step > 1 ? 0.7 : 0 } },
      })),
    ),
  ],
  [
    "explodingGradients",
    "spike",
    recordOf(
      stepsOf(falling(8), (step) =>
        step === 5 ? { params: { "*": { gradientNorm: 60, updateNorm: 3 } } } : {},
      ),
    ),
    // Clipped: the update is as usual.
    recordOf(
      stepsOf(falling(8), (step) => (step === 5 ? { params: { "*": { gradientNorm: 60 } } } : {})),
    ),
  ],
  [
    "saturatedUnits",
    undefined,
    recordOf(stepsOf(falling(3), always({ layers: { relu2: { saturated: 0.8 } } }))),
    recordOf(stepsOf(falling(3), always({ layers: { relu2: { saturated: 0.7 } } }))),
  ],
  [
    "deadUnits",
    undefined,
    recordOf(stepsOf(constant(100, 1.38), always({ layers: { relu2: { dead: 0.8 } } }))),
    // The loss is low in spite of it.
    recordOf(stepsOf(constant(100, 0.5), always({ layers: { relu2: { dead: 0.8 } } }))),
  ],
  [
    "vanishingGradients",
    "kernels",
    recordOf(stepsOf(falling(4), always({ params: { "dense1/kernel": { gradientNorm: 4e-4 } } }))),
    recordOf(stepsOf(falling(4), always({ params: { "dense1/kernel": { gradientNorm: 2e-3 } } }))),
  ],
  [
    "noGradient",
    undefined,
    recordOf(stepsOf(falling(4), always({ params: { "dense2/bias": { gradientNorm: 0 } } }))),
    recordOf(
      stepsOf(falling(4), (step) => ({
        params: { "dense2/bias": { gradientNorm: step < 3 ? 0 : 1e-9 } },
      })),
    ),
  ],
  [
    "dropoutTooStrong",
    "both",
    recordOf(restingEpochs(3, 1.2, 1), { setup: kept(0.9), data }),
    recordOf(restingEpochs(3, 0.6, 0.5), { setup: kept(0.9), data }),
  ],
  [
    "learningRateTooLow",
    "planned",
    recordOf(slow),
    recordOf(stepsOf(constant(60, 1.38), always({ params: { "*": { updateNorm: 5e-3 } } }))),
  ],
  ["rateDecayedTooEarly", undefined, recordOf(decaying(40)), recordOf(decaying(120))],
  [
    "nonFinite",
    "layer",
    recordOf([{ type: "nonFinite", step: 3, loss: NaN, where: 'layer "relu2"' }]),
    recordOf([]),
  ],
  [
    "nonFinite",
    "unknownLayer",
    recordOf([{ type: "nonFinite", step: 3, loss: NaN, where: 'layer "conv9"' }]),
    recordOf([{ type: "nonFinite", step: 3, loss: NaN, where: 'layer "relu2"' }]),
  ],
  [
    "nonFinite",
    "inside",
    recordOf(stepsOf([1.4], always({ params: { "dense2/kernel": { nonFinite: 0.5 } } }))),
    // An infinity that a layer gives on purpose, as a mask.
    recordOf(stepsOf([1.4], always({ layers: { dense2: { nonFinite: 0.5 } } }))),
  ],
  ["nonFinite", "other", recordOf([{ type: "step", step: 3, loss: NaN }]), recordOf([])],
  ["nonFinite", "measured", withData({ nonFinite: 0.01 }), recordOf([])],
  [
    "notLearning",
    "stays",
    recordOf([...stepsOf(constant(160, 1.37)), ...restingEpochs(8, 1.38, 1.39)]),
    recordOf([...stepsOf(constant(160, 1.3)), ...restingEpochs(8, 1.32, 1.33)]),
  ],
  [
    "notLearning",
    "byHeart",
    recordOf([
      ...stepsOf(falling(120)),
      ...epochsOf([
        [1.3, 1.4],
        [1, 1.5],
        [0.9, 1.6],
      ]),
    ]),
    recordOf([
      ...stepsOf(falling(120)),
      ...epochsOf([
        [1.3, 1.3],
        [1.2, 1.32],
        [1, 1.35],
      ]),
    ]),
  ],
  [
    "overfitting",
    undefined,
    recordOf(
      epochsOf([
        [1, 0.9],
        [0.6, 0.7],
        [0.4, 0.86],
        [0.2, 0.9],
      ]),
    ),
    recordOf(
      epochsOf([
        [1, 0.9],
        [0.6, 0.7],
        [0.4, 0.8],
        [0.2, 0.9],
      ]),
    ),
  ],
  [
    "underfitting",
    "both",
    recordOf(epochsOf(constant(9, 0.8).map((loss) => [loss, loss] as const))),
    recordOf(epochsOf(constant(9, 0.6).map((loss) => [loss, loss] as const))),
  ],
  [
    "batchNormStatistics",
    "momentum",
    recordOf(
      [
        ...stepsOf(falling(20), always({ layers: { dense1: { mean: 4, std: 1 } } })),
        ...epochsOf([[0.5, 2]]),
      ],
      { setup: { ...setup, layers: normed, epochs: 1 }, data },
    ),
    recordOf(
      [
        ...stepsOf(falling(20), always({ layers: { dense1: { mean: 4, std: 1 } } })),
        ...epochsOf([[0.5, 0.6]]),
      ],
      { setup: { ...setup, layers: normed, epochs: 1 }, data },
    ),
  ],
  [
    "learningRateTooHigh",
    "nonFinite",
    recordOf([...stepsOf(falling(4), always(large)), { type: "step", step: 5, loss: NaN }]),
    recordOf([...stepsOf(falling(4)), { type: "step", step: 5, loss: NaN }]),
  ],
  [
    "learningRateTooHigh",
    "little",
    recordOf(stepsOf(constant(120, 1), always(large))),
    recordOf(stepsOf(constant(120, 0.6), always(large))),
  ],
  [
    "explodingGradients",
    "always",
    recordOf(stepsOf(falling(8, 1, 4), always(exploding))),
    recordOf(
      stepsOf(falling(8, 1, 4), always({ params: { "*": { gradientNorm: 30, updateNorm: 3 } } })),
    ),
  ],
  // As of prices in the thousands with Adam: large gradients, usual steps, a loss that falls.
  [
    "explodingGradients",
    "always",
    recordOf(stepsOf(falling(8, 1, 4), always(exploding))),
    recordOf(stepsOf(falling(8), always(exploding))),
  ],
  [
    "dropoutTooStrong",
    "train",
    recordOf(restingEpochs(3, 1.2), { setup: kept(0.9), data }),
    recordOf(restingEpochs(3, 1.2), { setup: kept(0.5), data }),
  ],
  [
    "learningRateTooLow",
    "open",
    recordOf(slow.slice(0, 120), { setup: { layers } }),
    recordOf(stepsOf(falling(60), always({ params: { "*": { updateNorm: 4e-6 } } })), {
      setup: { layers },
    }),
  ],
  [
    "nonFinite",
    "data",
    recordOf([{ type: "nonFinite", step: 3, loss: NaN, where: "the input batch" }]),
    recordOf([]),
  ],
  [
    "notLearning",
    "same",
    recordOf([...stepsOf(constant(160, 0.71)), ...withAccuracy(0.8)], { setup, data: rare }),
    recordOf([...stepsOf(constant(160, 0.71)), ...withAccuracy(0.75)], { setup, data: rare }),
  ],
  [
    "underfitting",
    "train",
    recordOf(epochsOf(constant(9, 0.8).map((loss) => [loss] as const))),
    recordOf(
      epochsOf([1.2, 1.1, 1.05, 1, 0.95, 0.9, 0.85, 0.8, 0.75].map((loss) => [loss] as const)),
    ),
  ],
  [
    "batchNormStatistics",
    "other",
    recordOf([...shifted, ...epochsOf([[0.5, 2]]), endOf(0)], { setup: unknownMomentum, data }),
    recordOf([...shifted, ...epochsOf([[0.5, 2]]), endOf(4)], { setup: unknownMomentum, data }),
  ],
  // Kernels that lose nine tenths; the same ones, where something was learnt.
  [
    "penaltyTooStrong",
    "shrunk",
    shrinking(0.09, epochsOf([[1.38, 1.39]])),
    shrinking(0.11, epochsOf([[1.38, 1.39]])),
  ],
  [
    "penaltyTooStrong",
    "shrunk",
    shrinking(0.09, epochsOf([[1.38, 1.39]])),
    shrinking(0.09, epochsOf([[1.2, 1.25]])),
  ],
  [
    "penaltyTooStrong",
    "outweighs",
    shrinking(0.5, restingEpochs(5, 2.9, 1.4), penalties),
    shrinking(0.5, restingEpochs(5, 2.7, 1.4), penalties),
  ],
  [
    "penaltyTooStrong",
    "unscored",
    shrinking(0.02, restingEpochs(1, 1.5), penalties),
    shrinking(0.04, restingEpochs(1, 1.5), penalties),
  ],
  [
    "underfitting",
    "both",
    recordOf([...stepsOf(constant(180, 0.8)), ...restingEpochs(9, 0.8, 0.8)]),
    recordOf(later([...stepsOf(constant(180, 0.8)), ...restingEpochs(9, 0.8, 0.8)])),
  ],
  // With 500 parameters a fiftieth is explained by chance, with 5 it is not.
  ["notLearning", "stays", oneLayer(200), oneLayer(1)],
];
