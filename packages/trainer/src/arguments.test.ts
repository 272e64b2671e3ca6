import type { NDArray } from "@tenon/contracts";
import { dataset } from "@tenon/data";
import { dense, relu, sequential } from "@tenon/layers";
import { crossEntropy, mse } from "@tenon/losses";
import { accuracy, precision } from "@tenon/metrics";
import { adam } from "@tenon/optimizers";
import { earlyStopping, l2 } from "@tenon/regularizers";
import { reference } from "@tenon/tensor";
import { everyExport, refusal, wrongOptions } from "@tenon/testkit";
import { describe, expect, test } from "vitest";
import * as exported from "./index.js";
import { fit, predictor, statistics, trainingStep, startOf, type FitOptions } from "./index.js";

// Every function with one thing wrong at a time: a sentence that names the function and the option,
// never an error of ours.

const model = sequential(dense(3), relu());
const data = dataset({
  x: { shape: [4, 2], dtype: "float32", data: Float32Array.from({ length: 8 }, (_, i) => i / 8) },
  y: { shape: [4], dtype: "int32", data: Int32Array.of(0, 1, 2, 0) },
});
const weights = startOf(model, [2], adam(), 1);
const { params } = weights;
const engine = reference();
const wasm = (): Promise<unknown> => Promise.resolve(engine);
const usual = { loss: crossEntropy, optimizer: adam(), engine };
const train = { ...usual, train: data };

const run = async (of: unknown, more: object): Promise<void> => {
  for await (const _ of fit(of as never, { ...train, ...more } as FitOptions));
};
const wrong: readonly unknown[] = [
  null,
  3,
  "mse",
  true,
  {},
  [],
  [3],
  NaN,
  1n,
  Symbol("x"),
  new Map(),
];
const callable = (): number => 1;

type Of = (...args: readonly unknown[]) => unknown;
/** The first event, where it is a run; else what it gives. */
const begun = async (made: unknown): Promise<unknown> =>
  Symbol.asyncIterator in Object(made) ? (made as AsyncGenerator).next() : made;
const sets = { train: data, validation: data };
const observed = { params, data, engine };

/** Functions of a model, with their required options. */
const ofModel: Readonly<Record<string, object>> = {
  crossValidate: { ...usual, folds: [sets, sets], batchSize: 2 },
  diagnose: { ...usual, state: weights, batch: data.source, step: 0, seed: 1 },
  evaluate: { ...observed, loss: crossEntropy },
  fit: { ...train, epochs: 1, batchSize: 2 },
  learningRateFinder: {
    ...train,
    batchSize: 2,
    optimizer: (learningRate: number) => adam({ learningRate }),
  },
  measureStatistics: observed,
  predictor: { params, engine },
  trainingStep: { loss: crossEntropy, optimizer: adam() },
};
/** Functions of options alone. */
const ofOptions: Readonly<Record<string, object>> = {
  study: {
    arms: { only: null },
    seeds: [1],
    setup: () => ({ model, ...train, epochs: 1 }),
    measures: { loss: exported.finalOf("train.loss", "lower") },
  },
};
const asks = { ...ofModel, ...ofOptions };
/** Options that are functions, whose own errors may be in another name. */
const called = ["loss", "optimizer", "setup", "evaluated"];

describe.each(Object.entries(asks))("%s", (name, options) => {
  const of = (exported as unknown as Readonly<Record<string, Of>>)[name]!;
  const isOfModel = Object.hasOwn(ofModel, name);
  const call = async (...args: readonly unknown[]): Promise<unknown> => begun(await of(...args));
  test("says in an error about an option which one", () =>
    wrongOptions(name, (more) => call(...(isOfModel ? [model] : []), more), options, called));
  test("refuses nothing at all", async () => {
    for (const args of [[], [model], [undefined, {}], [model, 3], [model, null]])
      await expect(call(...args)).rejects.toThrow(refusal(new RegExp(`^${name}: expected `)));
  });
  if (!isOfModel) return;
  test("refuses what is no model", async () => {
    for (const value of [...wrong, callable])
      await expect(call(value, options), String(value)).rejects.toThrow(
        refusal(new RegExp(`^${name}: expected .*, got `)),
      );
  });
});

test("what most people forget is said", async () => {
  const said = async (more: object, message: string, of: unknown = model): Promise<void> =>
    expect(run(of, more)).rejects.toThrow(refusal(message));
  await said(
    {},
    "fit: expected a layer, such as sequential(dense(10)), got relu, a function; call it: relu()",
    relu,
  );
  await said(
    {},
    "fit: expected a layer, such as sequential(dense(10)), got a list; write sequential(…)",
    [dense(2), relu()],
  );
  await said(
    { loss: "mse" },
    'fit: expected loss as a function of predictions and targets, such as crossEntropy, got "mse"',
  );
  await said(
    { optimizer: adam },
    "fit: expected optimizer as a transform, such as adam(), got adam, a function; call it: " +
      "adam()",
  );
  await said({ metrics: accuracy }, "fit: expected metrics as a list, such as [accuracy], got");
  await said({ metrics: [precision] }, "got precision, a function; call it: precision()");
  await said({ penalties: l2(0.1) }, "fit: expected penalties as a list, such as [l2()], got");
  await said({ penalties: [l2] }, "got l2, a function; call it: l2()");
  await said(
    { engine: wasm() },
    "fit: expected engine as an engine, such as await wasm() of @tenon/wasm or reference() of " +
      "@tenon/tensor, got Promise; " +
      "write await before it",
  );
  await said({ engine: wasm }, "got wasm, a function; call it: await wasm()");
  await said(
    { engine: undefined },
    "fit: expected engine as an engine, such as await wasm() of @tenon/wasm or reference() of " +
      "@tenon/tensor, got undefined",
  );
  await said({ earlyStopping }, "got earlyStopping, a function; call it: earlyStopping()");
  await said(
    { earlyStopping: { patience: 3 } },
    "fit: expected earlyStopping as a stopper, such as earlyStopping({ patience: 3 }), got { " +
      "patience: 3 }",
  );
  await said(
    { signal: new AbortController() },
    "fit: expected signal as an AbortSignal, such as the .signal of an AbortController, got " +
      "AbortController",
  );
  await said({ best: { monitor: 3, mode: "min" } }, "fit: expected best.monitor as text, got 3");
  await said(
    { best: { monitor: "train.loss", mode: "lowest" } },
    'fit: expected best.mode to be "min" or "max", got "lowest"',
  );
  await said(
    { resume: { arrays: {}, progress: {} } },
    "fit: expected resume as a snapshot, such as snapshotFrom makes of a file, got { arrays: {}, " +
      "progress: {} }",
  );
  await said(
    { loss: () => crossEntropy },
    "loss: expected a function that gives one number, a scalar tensor, got one that gives " +
      "crossEntropy, a function; call the function that makes it",
  );
  await said(
    {
      loss: (p: never, t: never) => mse(p, t, { reduction: "none" }),
      train: dataset({
        x: data.source.x,
        y: { shape: [4, 3], dtype: "float32", data: new Float32Array(12) },
      }),
    },
    "loss: expected a function that gives one number, a scalar tensor, got one that gives " +
      "float32 [4, 3]",
  );
});

test("what is observed is checked", async () => {
  const said = async (observe: object, message: string): Promise<void> =>
    expect(run(model, { observe })).rejects.toThrow(refusal(message));
  await said(
    { every: 10 },
    "fit: expected observe as statistics, such as statistics({ every: 10 }), got { every: 10 }",
  );
  await said(
    statistics,
    "fit: expected observe as statistics, such as statistics({ every: 10 }), " +
      "got statistics, a function; call it: statistics()",
  );
  await said({ ...statistics(), every: 0 }, "fit: expected a whole observe.every ≥ 1, got 0");
  const refused = (options: object, message: string): void =>
    expect(() => statistics(options)).toThrow(refusal(message));
  refused({ every: 0 }, "statistics: expected a whole every ≥ 1, got 0");
  refused({ histograms: 0 }, "statistics: expected a whole histograms ≥ 1, got 0");
  refused({ every: 1, histogram: 9 }, 'got "histogram"; did you mean "histograms"?');
  const every = { every: 50 };
  expect(() =>
    trainingStep(model, { loss: mse, optimizer: adam(), observe: every as object }),
  ).toThrow(refusal('trainingStep\'s observe: expected options { histograms }, got "every"'));
  expect(() =>
    trainingStep(model, { loss: mse, optimizer: adam(), observe: { histograms: 0.5 } }),
  ).toThrow(refusal("trainingStep: expected a whole observe.histograms ≥ 1, got 0.5"));
});

test("a predictor checks its arguments", () => {
  const answers = predictor(model, { params, engine });
  for (const value of [
    undefined,
    null,
    3,
    [[1, 2]],
    {},
    { shape: [1, 2] },
    { shape: 2, data: [1, 2] },
    Float32Array.of(1, 2),
  ] as never[])
    expect(() => answers.predict(value)).toThrow(
      refusal(/^predict: expected a batch as an array \{ shape, dtype, data \}, got /),
    );
  expect(() => (answers.predict as () => unknown)()).toThrow(refusal("predict: expected a batch"));
  for (const value of [
    undefined,
    null,
    3,
    {},
    { params: 3 },
    { params: { a: 1 } },
    { params, stats: 3 },
  ] as never[])
    expect(() => answers.load(value)).toThrow(refusal(/^load: expected /));
  expect(
    answers.predict({ shape: [1, 2], dtype: "float32", data: Float32Array.of(1, 2) }).shape,
  ).toEqual([1, 3]);
});

const calls: Readonly<Record<string, (value: never) => unknown>> = {
  startOf: (value) => startOf(value, [2], adam(), 0),
  slotsOf: (value) => exported.slotsOf(value, params as Readonly<Record<string, NDArray>>),
  snapshotFrom: (value) => exported.snapshotFrom({}, value),
  metadataOf: (value) => exported.metadataOf(value),
  arraysOf: (value) => exported.arraysOf(value),
  stateFrom: (value) => exported.stateFrom(value, weights),
  statistics: (value: unknown) => statistics((value ?? null) as never),
  statisticsOf: (value) => exported.statisticsOf(value),
  curveOf: (value) => exported.curveOf(value),
  curvesOf: (value) => exported.curvesOf(value, null),
  measuring: (value) => exported.measuring(value),
  bestOf: (value) => exported.bestOf(value, "higher"),
  finalOf: (value) => exported.finalOf("train.loss", value),
  gridOf: (value) => exported.gridOf(value),
  historyCsv: (value) => exported.historyCsv([value]),
  historyFromJSON: (value) => exported.historyFromJSON(JSON.stringify([value])),
  historyToJSON: (value) => exported.historyToJSON([value]),
  pickWeights: (value) => exported.pickWeights(value, { a: "b" }),
  stepsTo: (value) => exported.stepsTo(value, 1, "lower"),
  summarizeStudy: (value) => exported.summarizeStudy([], value),
};
everyExport(exported, [...Object.keys(asks), ...Object.keys(calls)], {
  besides: ["areaUnderLoss"],
  add: "add a call to packages/trainer/src/arguments.test.ts",
});

test.each(Object.entries(calls))("%s refuses what makes no sense", (name, call) => {
  for (const value of [undefined, null, 3, "x", []] as never[])
    expect(() => call(value), `${name}(${String(value)})`).toThrow(
      refusal(new RegExp(`^${name}: expected .*, got `)),
    );
});

test("a batch that does not fit the model is refused in the name of predict and of the layer", () => {
  const { predict } = predictor(model, { params, engine });
  expect(() =>
    predict({ shape: [1, 3], dtype: "float32", data: Float32Array.of(1, 2, 3) }),
  ).toThrow(
    refusal(
      /^predict: expected a batch that fits the model, got \[1, 3\]; layer "dense1": dense: /,
    ),
  );
});
