import type { NDArray } from "@tenon/contracts";
import { dataset } from "@tenon/data";
import { dense, relu, sequential } from "@tenon/layers";
import { crossEntropy, mse } from "@tenon/losses";
import { accuracy, precision } from "@tenon/metrics";
import { adam } from "@tenon/optimizers";
import { earlyStopping, l2 } from "@tenon/regularizers";
import { reference } from "@tenon/tensor";
import { refusal } from "@tenon/testkit";
import { describe, expect, test } from "vitest";
import * as exported from "./index.js";
import { evaluate, fit, predictor, trainingStep, startOf, type FitOptions } from "./index.js";

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
const train = { train: data, loss: crossEntropy, optimizer: adam(), engine };

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

const asks: Readonly<
  Record<
    string,
    {
      readonly call: (option: string, value: unknown) => unknown;
      readonly options: string;
      readonly also?: string;
    }
  >
> = {
  fit: {
    call: (option, value) =>
      option === "model" ? run(value, {}) : run(model, { [option]: value }),
    options:
      "model loss optimizer metrics penalties engine earlyStopping checkpoints resume signal " +
      "best train validation epochs batchSize seed dropLast checkpointEvery observe",
  },
  evaluate: {
    call: (option, value) =>
      evaluate(option === "model" ? (value as never) : model, {
        params,
        data,
        loss: crossEntropy,
        engine,
        ...(option !== "model" && { [option]: value }),
      }),
    options: "model loss metrics engine params stats data batchSize observe",
  },
  predictor: {
    call: (option, value) =>
      predictor(option === "model" ? (value as never) : model, {
        params,
        engine,
        ...(option !== "model" && { [option]: value }),
      }),
    options: "model params stats engine",
  },
  trainingStep: {
    call: (option, value) =>
      trainingStep(option === "model" ? (value as never) : model, {
        loss: crossEntropy,
        optimizer: adam(),
        ...(option !== "model" && { [option]: value }),
      }),
    options: "model loss optimizer penalties observe",
  },
  learningRateFinder: {
    call: (option, value) =>
      exported.learningRateFinder(option === "model" ? (value as never) : model, {
        ...train,
        optimizer: (learningRate) => adam({ learningRate }),
        ...(option !== "model" && { [option]: value }),
      }),
    options:
      "model train loss optimizer from to steps smoothing stopAt batchSize penalties dropLast " +
      "seed engine signal",
  },
  study: {
    call: (option, value) =>
      exported
        .study({
          arms: { only: null },
          seeds: [1],
          setup: () => ({ model, ...train }),
          measures: { loss: exported.finalOf("train.loss", "lower") },
          [option]: value,
        })
        .next(),
    options: "arms seeds setup measures store checkpointEvery signal",
  },
};
/** What some options may well be. */
const fine: Readonly<Record<string, readonly unknown[]>> = {
  metrics: [wrong[5]],
  penalties: [wrong[5]],
  params: [wrong[4], wrong[10]],
  stats: [wrong[4], wrong[10]],
  epochs: [3],
  batchSize: [3],
  seed: [3],
  dropLast: [true],
  checkpointEvery: [],
  seeds: [wrong[6]],
  setup: [callable],
  from: [3],
  to: [3],
  stopAt: [3],
};
/** `observe` of a step: all, or what; `evaluate` and `fit` have others of that name. */
const fineForSteps: readonly unknown[] = [wrong[3], wrong[4], wrong[10]];

describe.each(Object.entries(asks))("%s", (name, { call, options }) => {
  test.each(options.split(" "))("%s", async (option) => {
    for (const value of [
      ...wrong,
      ...(["loss", "setup"].includes(option) || (name === "evaluate" && option === "observe")
        ? []
        : [callable]),
    ]) {
      if (fine[option]?.includes(value)) continue;
      if (name === "trainingStep" && option === "observe" && fineForSteps.includes(value)) continue;
      let message = "taken";
      try {
        await call(option, value);
      } catch (error) {
        ({ message } = error as Error);
      }
      const at = `${name}, ${option}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`;
      expect(message, at).toMatch(new RegExp(`^${name}('s (best|observe))?: expected `));
      expect(message, at).toMatch(/, got /);
      if (option !== "model") expect(message, at).toContain(option);
    }
  });
  test("nothing at all", async () => {
    const of = (exported as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>)[
      name
    ]!;
    for (const args of [[], [model], [undefined, {}], [model, 3], [model, null]]) {
      const called = async (): Promise<unknown> => {
        const made = of(...args);
        return ["fit", "study"].includes(name) ? (made as AsyncGenerator).next() : made;
      };
      await expect(called()).rejects.toThrow(refusal(new RegExp(`^${name}: expected `)));
    }
  });
});

test("what most people forget is said", async () => {
  const said = async (more: object, message: string, of: unknown = model): Promise<void> =>
    expect(run(of, more)).rejects.toThrow(refusal(message));
  await said(
    {},
    "fit: expected a layer, such as sequential(dense(10)), got the function relu; call it: relu()",
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
    "fit: expected optimizer as a transform, such as adam(), got the function adam; call it: " +
      "adam()",
  );
  await said({ metrics: accuracy }, "fit: expected metrics as a list, such as [accuracy], got");
  await said({ metrics: [precision] }, "got the function precision; call it: precision()");
  await said({ penalties: l2(0.1) }, "fit: expected penalties as a list, such as [l2()], got");
  await said({ penalties: [l2] }, "got the function l2; call it: l2()");
  await said(
    { engine: wasm() },
    "fit: expected engine as an engine, such as await wasm(), got an object of kind Promise; " +
      "write await before it",
  );
  await said({ engine: wasm }, "got the function wasm; call it: await wasm()");
  await said({ earlyStopping }, "got the function earlyStopping; call it: earlyStopping()");
  await said(
    { earlyStopping: { patience: 3 } },
    "fit: expected earlyStopping as a stopper, such as earlyStopping({ patience: 3 }), got { " +
      "patience: 3 }",
  );
  await said(
    { signal: new AbortController() },
    "fit: expected signal as an AbortSignal or { aborted }, got an object of kind " +
      "AbortController; write its .signal",
  );
  await said(
    { best: { monitor: 3, mode: "min" } },
    'fit: expected best\'s monitor as a name such as "validation.loss", got 3',
  );
  await said(
    { best: { monitor: "train.loss", mode: "lowest" } },
    'fit: expected best\'s mode to be "min" or "max", got "lowest"',
  );
  await said(
    { resume: { arrays: {}, progress: {} } },
    "fit: expected resume's progress to have seed, an integer, got nothing; give a snapshot as " +
      "it was",
  );
  await said(
    { loss: () => crossEntropy },
    "loss: expected a function that gives one number, a scalar tensor, got one that gives the " +
      "function crossEntropy; call the function that makes it",
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
  await said({ every: 0 }, "fit: expected a whole observe.every ≥ 1, got 0");
  await said({ every: 1, histograms: 0 }, "fit: expected a whole observe.histograms ≥ 1, got 0");
  await said({ every: 1, histogram: 9 }, 'got "histogram"; did you mean "histograms"?');
  const every = { every: 50 };
  expect(() =>
    trainingStep(model, { loss: mse, optimizer: adam(), observe: every as object }),
  ).toThrow(refusal('trainingStep\'s observe: expected options among histograms, got "every"'));
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

test("every other function", () => {
  const calls: Readonly<Record<string, (value: never) => unknown>> = {
    startOf: (value) => startOf(value, [2], adam(), 0),
    slotsOf: (value) => exported.slotsOf(value, params as Readonly<Record<string, NDArray>>),
    snapshotFrom: (value) => exported.snapshotFrom({}, value),
    metadataOf: (value) => exported.metadataOf(value),
    arraysOf: (value) => exported.arraysOf(value),
    stateFrom: (value) => exported.stateFrom(value, weights),
    statisticsOf: (value) => exported.statisticsOf(value),
    curveOf: (value) => exported.curveOf(value),
    curvesOf: (value) => exported.curvesOf(value, null),
    measuring: (value) => exported.measuring(value),
    bestOf: (value) => exported.bestOf(value, "higher"),
    finalOf: (value) => exported.finalOf("train.loss", value),
    gridOf: (value) => exported.gridOf(value),
    stepsTo: (value) => exported.stepsTo(value, 1, "lower"),
    summarizeStudy: (value) => exported.summarizeStudy([], value),
  };
  const names = Object.entries(exported)
    .filter(([name, of]) => typeof of === "function" && !(name in asks) && name !== "areaUnderLoss")
    .map(([name]) => name);
  expect(names.sort()).toEqual(Object.keys(calls).sort());
  for (const [name, call] of Object.entries(calls))
    for (const value of [undefined, null, 3, "x", []] as never[])
      expect(() => call(value), `${name}(${String(value)})`).toThrow(
        refusal(/^(\w+): expected .*, got /),
      );
});
