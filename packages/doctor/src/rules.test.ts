import { expect, test } from "vitest";
import { examine, rules, type FindingId } from "./index.js";
import type { RunEvent } from "./addEvent.js";
import type { DataMeasures, RunRecord, Setup } from "./record.js";
import {
  constant,
  data,
  epochsOf,
  falling,
  layers,
  recordOf,
  setup,
  stepsOf,
  type Said,
} from "./testing/records.js";

const ids = rules.map(({ id }) => id);

test("a rule explains only rules after it, so that no two explain each other", () => {
  rules.forEach(({ id, explains }, i) => {
    for (const other of explains) expect(ids.indexOf(other), `${id}, ${other}`).toBeGreaterThan(i);
  });
  expect(new Set(ids).size).toBe(ids.length);
  for (const { reference } of rules) expect(reference.length).toBeGreaterThan(20);
});

test("a healthy run has no findings, at any time", () => {
  const events = stepsOf(falling(200));
  for (const count of [0, 1, 2, 20, 200, 400])
    expect(examine(recordOf(events.slice(0, count)))).toEqual([]);
  expect(
    examine(
      recordOf([
        ...events,
        ...epochsOf([
          [1, 0.9],
          [0.4, 0.35],
          [0.1, 0.12],
        ]),
      ]),
    ),
  ).toEqual([]);
});

test("of nothing, nothing is said", () => {
  expect(examine(recordOf([], {}))).toEqual([]);
  expect(
    examine(
      recordOf(
        stepsOf(falling(100), () => undefined),
        {},
      ),
    ),
  ).toEqual([]);
  expect(() => examine({} as never)).toThrow("examine: expected a record");
});

const withSetup = (more: Partial<Setup>, events: readonly RunEvent[] = []): RunRecord =>
  recordOf(events, { setup: { ...setup, ...more }, data });
const withData = (more: Partial<DataMeasures>, events: readonly RunEvent[] = []): RunRecord =>
  recordOf(events, { setup, data: { ...data, ...more } });
const ended = (type: string, more = {}) => [...layers, { path: `${type}1`, type, ...more }];
const always = (said: Said) => (): Said => said;
const start = Math.log(4);
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
/** Updates that fall by ten every so many steps, while the loss falls to 0.8 and stays. */
const decaying = (every: number): RunEvent[] =>
  stepsOf(
    Array.from({ length: 200 }, (_, i) => 1.386 - Math.min(i, 60) / 100),
    (step) => ({ params: { "*": { updateNorm: 0.04 * 10 ** (-step / every) } } }),
  );

/** A record in which a rule speaks, and one on the other side of its threshold. */
const pairs: readonly (readonly [FindingId, string | undefined, RunRecord, RunRecord])[] = [
  [
    "lossDoesNotFit",
    "softmax",
    withSetup({ layers: ended("softmax", { range: [0, 1] }) }),
    withSetup({ layers: ended("logSoftmax", { range: undefined }) as never }),
  ],
  [
    "lossDoesNotFit",
    "sigmoid",
    withSetup({ layers: ended("sigmoid"), loss: "binaryCrossEntropy" }),
    withSetup({ layers: ended("sigmoid"), loss: "poisson" }),
  ],
  ["lossDoesNotFit", "bounded", withSetup({ layers: ended("relu") }), withSetup({})],
  ["lossDoesNotFit", "oneOutput", withSetup({ classes: 1 }), withSetup({ classes: 2 })],
  [
    "lossDoesNotFit",
    "outOfReach",
    withSetup({ layers: ended("tanh", { range: [-1, 1] }), loss: "mse" }),
    withSetup({ layers: ended("relu"), loss: "mse" }),
  ],
  [
    "noNonlinearity",
    undefined,
    withSetup({ layers: layers.filter(({ type }) => type !== "relu") }),
    withSetup({ layers: layers.slice(-1) }),
  ],
  [
    "batchNormOfOne",
    "one",
    withSetup({ layers: normed, batchSize: 1 }),
    withSetup({ batchSize: 1 }),
  ],
  [
    "batchNormOfOne",
    "last",
    withSetup({ layers: normed, examples: 641 }),
    withSetup({ layers: normed, examples: 641, dropLast: true }),
  ],
  [
    "labelsOutOfRange",
    "fromOne",
    withData({ targets: { mean: 2.5, std: 1, min: 1, max: 4 } }),
    withData({ targets: { mean: 2.5, std: 1, min: 1, max: 3 } }),
  ],
  [
    "missingClass",
    undefined,
    withData({ classCounts: [213, 214, 0, 213] }),
    withData({ classCounts: [20, 20, 0, 19] }),
  ],
  ["constantInputs", "all", withData({ constantFeatures: 1 }), withData({ constantFeatures: 0.5 })],
  [
    "constantInputs",
    "batch",
    recordOf(stepsOf([1.4], always({ input: { mean: 2, std: 0 } })), { setup }),
    recordOf(stepsOf([1.4], always({ input: { mean: 0.5, std: 0.1 } })), { setup }),
  ],
  [
    "unscaledInputs",
    "large",
    withData({ input: { mean: 33, std: 78, min: 0, max: 255 } }),
    withData({ input: { mean: 0.13, std: 0.31, min: 0, max: 1 } }),
  ],
  [
    "unscaledInputs",
    "small",
    withData({ input: { mean: 5e-4, std: 1.2e-3, min: 0, max: 4e-3 } }),
    withData({ input: { mean: 5e-3, std: 1.2e-2, min: 0, max: 4e-2 } }),
  ],
  ["unscaledInputs", "unequal", withData({ scaleRatio: 150 }), withData({ scaleRatio: 50 })],
  ["unscaledInputs", "offCentre", withData({ offCentre: 12 }), withData({ offCentre: 8 })],
  [
    "initialValuesTooLarge",
    "lossOfLayer",
    recordOf(stepsOf([start + 3.1], always({ layers: { dense2: { std: 4 } } }))),
    recordOf(stepsOf([start + 2.9], always({ layers: { dense2: { std: 4 } } }))),
  ],
  [
    "initialValuesTooLarge",
    "layer",
    recordOf(stepsOf([start], always({ layers: { dense2: { std: 8 } } }))),
    recordOf(stepsOf([start], always({ layers: { dense2: { std: 7 } } }))),
  ],
  [
    "initialValuesTooSmall",
    undefined,
    recordOf(
      stepsOf([start], always({ layers: { dense1: { std: 5e-4 }, dense2: { std: 1e-4 } } })),
    ),
    recordOf(stepsOf([start], always({ layers: { dense2: { std: 1e-4 } } }))),
  ],
  [
    "learningRateTooHigh",
    "rises",
    recordOf(stepsOf([start, ...constant(9, 2.2)], always(large))),
    recordOf(stepsOf([start, ...constant(9, 1.9)], always(large))),
  ],
  [
    "learningRateTooHigh",
    "stays",
    recordOf(stepsOf(constant(32, 1.38), always(large))),
    recordOf(stepsOf(falling(32), always(large))),
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
      stepsOf(falling(8), (step) => ({
        ...large,
        layers: { relu1: { dead: step > 1 ? 0.95 : 0 } },
      })),
    ),
    recordOf(
      stepsOf(falling(8), (step) => ({
        ...large,
        layers: { relu1: { dead: step > 1 ? 0.8 : 0 } },
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
    recordOf(stepsOf(constant(9, 1.38), always({ layers: { relu2: { dead: 0.8 } } }))),
    // The loss is low in spite of it.
    recordOf(stepsOf(constant(9, 0.5), always({ layers: { relu2: { dead: 0.8 } } }))),
  ],
  [
    "vanishingGradients",
    undefined,
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
    recordOf(epochsOf([[1.2, 1]]), { setup: kept(0.9), data }),
    recordOf(epochsOf([[0.6, 0.5]]), { setup: kept(0.9), data }),
  ],
  [
    "decayOfBiases",
    "weak",
    withSetup({ decays: [{ path: "dense1/bias", shape: [16], rate: 1e-5 }] }),
    withSetup({ decays: [{ path: "dense1/kernel", shape: [16, 16], rate: 1e-5 }] }),
  ],
  [
    "decayOfBiases",
    "strong",
    withSetup({ decays: [{ path: "dense1/bias", shape: [16], rate: 6e-3 }] }),
    withSetup({ decays: [] }),
  ],
  [
    "learningRateTooLow",
    "planned",
    recordOf(slow),
    recordOf(stepsOf(constant(60, 1.38), always({ params: { "*": { updateNorm: 1e-3 } } }))),
  ],
  ["rateDecayedTooEarly", undefined, recordOf(decaying(40)), recordOf(decaying(120))],
  [
    "nonFinite",
    "layer",
    recordOf([{ type: "nonFinite", step: 3, loss: NaN, where: 'layer "relu2"' }]),
    recordOf([]),
  ],
  ["nonFinite", "other", recordOf([{ type: "step", step: 3, loss: NaN }]), recordOf([])],
  ["nonFinite", "measured", withData({ nonFinite: 0.01 }), recordOf([])],
  [
    "notLearning",
    "stays",
    recordOf([...stepsOf(constant(120, 1.37)), ...epochsOf([[1.38, 1.39]])]),
    recordOf([...stepsOf(constant(120, 1.3)), ...epochsOf([[1.32, 1.33]])]),
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
    "batchNotLearnt",
    undefined,
    { ...recordOf([]), oneBatch: { learnt: false, first: 1.4, last: 1.3, steps: 200 } },
    { ...recordOf([]), oneBatch: { learnt: true, first: 1.4, last: 0.1, steps: 40 } },
  ],
];

test("each rule has such a pair", () => {
  expect(new Set(pairs.map(([id]) => id))).toEqual(new Set(ids));
});

test.for(pairs)("%s (%s) speaks on one side of its threshold only", ([id, kind, sick, well]) => {
  const found = examine(sick);
  expect(found[0]?.id, JSON.stringify(found)).toBe(id);
  expect(found[0]?.kind).toBe(kind);
  expect(examine(well).filter((other) => other.id === id && other.kind === kind)).toEqual([]);
});

test("the cause comes first, is as severe as what it explains, and the others name it", () => {
  const said: Said = { ...large, layers: { relu1: { dead: 1 } } };
  const record = recordOf(
    stepsOf([start, ...constant(40, 3)], (step) => (step > 1 ? said : large)),
  );
  const [first, ...others] = examine(record);
  expect(first).toMatchObject({ id: "learningRateTooHigh", severity: "error" });
  expect(others.map(({ id, explainedBy }) => [id, explainedBy])).toEqual([
    ["deadUnits", "learningRateTooHigh"],
  ]);
  const bytes = { ...data, input: { mean: 33, std: 78, min: 0, max: 255 } };
  const unscaled = examine(recordOf(stepsOf([20]), { setup, data: bytes }));
  expect(unscaled.map(({ id, severity, explainedBy }) => [id, severity, explainedBy])).toEqual([
    ["unscaledInputs", "error", undefined],
    ["initialValuesTooLarge", "error", "unscaledInputs"],
  ]);
});

test("the figures of another library are enough: losses alone", () => {
  const steps = [2.3, 2.6, 3.4, 5.1, 8.8, 14, 22].map((loss, i) => ({
    type: "step",
    step: i + 1,
    loss,
  }));
  const [finding] = examine(recordOf(steps as RunEvent[], {}));
  expect(finding).toMatchObject({
    id: "learningRateTooHigh",
    evidence: { start: 2.3, loss: (3.4 + 5.1 + 8.8 + 14 + 22) / 5 },
    tip: "Divide the learning rate by 10.",
  });
});
