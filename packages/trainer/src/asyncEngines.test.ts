import type { Batch, Dataset, NDArray } from "@tenon/contracts";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { earlyStopping, l2 } from "@tenon/regularizers";
import { reference } from "@tenon/tensor";
import { delayed, refusal } from "@tenon/testkit";
import { wasm } from "@tenon/wasm";
import { describe, expect, test } from "vitest";
import { diagnose } from "./diagnose.js";
import { evaluate } from "./evaluate.js";
import type { EndEvent, FitEvent } from "./events.js";
import { fit, type FitOptions } from "./fit.js";
import { bits, descent, network, quadrants } from "./internal/testing.js";
import { predictor } from "./predictor.js";
import { arraysOf, type Snapshot } from "./snapshot.js";
import { startOf, trainingStep, type TrainingState } from "./trainingStep.js";

const options: FitOptions = {
  train: quadrants(100, 3),
  validation: quadrants(50, 4),
  loss: crossEntropy,
  metrics: [accuracy],
  optimizer: descent(0.05),
  engine: reference(),
  diagnose,
  penalties: [l2(1e-3)],
  epochs: 3,
  batchSize: 16, // the last batch has 4 examples: another program
  seed: 5,
};

/** All events of a run without their times, and the error that ended it. */
async function run(
  given: Partial<FitOptions>,
  onEvent: (event: FitEvent) => void = () => {},
): Promise<{ readonly events: object[]; readonly end: EndEvent; readonly error: unknown }> {
  const events: FitEvent[] = [];
  let error: unknown;
  try {
    for await (const event of fit(network(), { ...options, ...given })) {
      events.push(event);
      onEvent(event);
    }
  } catch (cause) {
    error = cause;
  }
  const times = { milliseconds: 0, seconds: 0, trainSeconds: 0 };
  return {
    events: events.map((event) => ({ ...event, ...times })),
    end: events.at(-1) as EndEvent,
    error,
  };
}

/** Checkpoints that are kept. */
function folder() {
  const written: [string, string][] = [];
  return {
    written,
    write: (name: string, arrays: Readonly<Record<string, NDArray>>) => {
      written.push([name, bits(arrays)]);
    },
  };
}

/** The same data, in which one batch of the first epoch is another. */
function withBatch(at: number, change: (batch: Batch) => Batch): Dataset {
  const { train } = options;
  return {
    ...train,
    *batches(given) {
      let index = given.from ?? 0;
      for (const batch of train.batches(given) as Iterable<Batch>)
        yield index++ === at && (given.epoch ?? 0) === 0 ? change(batch) : batch;
    },
  };
}
const filled = (array: NDArray, value: number): NDArray => ({
  ...array,
  data: array.data.map(() => value),
});

describe.each([1, 2, 3, 8])("with %i steps in flight", (stepsInFlight) => {
  const engines = () => [reference(), delayed(reference(), { stepsInFlight })] as const;

  test("a run has the events, checkpoints and weights of the synchronous engine", async () => {
    const [engine, later] = engines();
    const [written, writtenLater] = [folder(), folder()];
    const expected = await run({ engine, checkpoints: written, checkpointEvery: 2 });
    const got = await run({ engine: later, checkpoints: writtenLater, checkpointEvery: 2 });
    expect(got.events).toEqual(expected.events);
    expect(writtenLater.written).toEqual(written.written);
    expect(bits(got.end.params)).toBe(bits(expected.end.params));
    expect([later.mostInFlight(), later.inFlight()]).toEqual([Math.min(stepsInFlight, 6), 0]);
  });

  test("early stopping ends at the same epoch and restores the same weights", async () => {
    const [engine, later] = engines();
    const stopping = {
      epochs: 30,
      earlyStopping: earlyStopping({ patience: 1, minDelta: 0.02, restoreBest: true }),
    };
    const expected = await run({ engine, ...stopping });
    const got = await run({ engine: later, ...stopping });
    expect(expected.end.reason).toBe("earlyStopping");
    expect(got.events).toEqual(expected.events);
  });

  test("a step that is not finite ends the run, and none behind it is committed", async () => {
    const train = withBatch(2, ({ x, y }) => ({ x: filled(x, NaN), y }));
    const [engine, later] = engines();
    const [written, writtenLater] = [folder(), folder()];
    const expected = await run({ engine, train, checkpoints: written });
    const got = await run({ engine: later, train, checkpoints: writtenLater });
    expect(expected.end.reason).toBe("nonFinite");
    expect(got.events).toEqual(expected.events);
    expect(writtenLater.written).toEqual(written.written);
    expect(later.inFlight()).toBe(0);
  });

  test("a step that fails ends the run, and so does a dataset, after the steps before", async () => {
    const [engine, later] = engines();
    const noClass = withBatch(3, ({ x, y }) => ({ x, y: filled(y, 7) }));
    const broken = withBatch(3, () => {
      throw new Error("the disk is gone");
    });
    for (const train of [noClass, broken]) {
      const expected = await run({ engine, train });
      const got = await run({ engine: later, train });
      expect((expected.error as Error).message).toMatch(/below 4|disk/);
      expect(got.events).toEqual(expected.events);
      expect(got.error).toEqual(expected.error);
      expect(expected.events.length).toBe(4); // the start, and three steps
    }
    expect(later.inFlight()).toBe(0);
  });

  test("an aborted run ends after the steps in flight, and resumes bit for bit", async () => {
    const [engine, later] = engines();
    const whole = await run({ engine });
    const stop = new AbortController();
    const part = await run({ engine: later, signal: stop.signal }, (event) => {
      if (event.type === "step" && event.step === 9) stop.abort();
    });
    expect(part.end.reason).toBe("aborted");
    const { step } = part.end.snapshot.progress;
    expect([step >= 9, step < 9 + stepsInFlight]).toEqual([true, true]);
    expect(part.events.slice(0, -1)).toEqual(whole.events.slice(0, part.events.length - 1));
    const resume: Snapshot = part.end.snapshot;
    const rest = await run({ engine: later, resume });
    expect(bits(rest.end.snapshot.arrays)).toBe(bits(whole.end.snapshot.arrays));
    expect(rest.end.history).toEqual(whole.end.history);
  });

  test("a run that its caller leaves has no step in flight", async () => {
    const [, later] = engines();
    for await (const event of fit(network(), { ...options, engine: later }))
      if (event.type === "step" && event.step === 4) break;
    expect(later.inFlight()).toBe(0);
  });

  test("evaluate gives the same scores, in order", async () => {
    const [engine, later] = engines();
    const { params } = startOf(network(), [2], options.optimizer, 1);
    const { train: data, loss, metrics = [] } = options;
    const scored = async (given: typeof engine | typeof later): Promise<unknown> => {
      const targets: number[] = [];
      const scores = await evaluate(network(), {
        ...{ params, data, loss, metrics, engine: given, batchSize: 16 },
        observe: (_, y) => targets.push(...y.data),
      });
      return { scores, targets };
    };
    expect(await scored(later)).toEqual(await scored(engine));
    expect(later.mostInFlight()).toBe(Math.min(stepsInFlight, 6));
  });
});

test("a predictor answers in order, with the weights of its last load", async () => {
  const model = network();
  const [first, second] = [1, 2].map((seed) => startOf(model, [2], options.optimizer, seed));
  const x: NDArray = { shape: [3, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const answers = predictor(model, { params: first!.params, engine: reference() });
  const later = predictor(model, { params: first!.params, engine: delayed(reference()) });
  const data = Float32Array.from(x.data);
  const [a, b] = [later.predict({ ...x, data }), later.predict(x)];
  data.fill(NaN); // it was read before
  const loaded = later.load({ params: second!.params });
  const c = later.predict(x);
  const wrong = later.predict({ ...x, dtype: "int32" });
  await expect(later.load({ params: {} })).rejects.toThrow("missing");
  await expect(later.predict(x)).rejects.toThrow("missing");
  await later.load({ params: second!.params });
  const d = later.predict(x);
  await expect(later.predict(3 as never)).rejects.toThrow("predict: expected a batch");
  await expect(wrong).resolves.toHaveProperty("shape", [3, 4]);
  await loaded;
  const before = answers.predict(x);
  const wide = Object.fromEntries(
    Object.entries(second!.params).map(([path, { dtype }]): [string, NDArray] => [
      path,
      { shape: [7], dtype, data: new Float32Array(7) },
    ]),
  );
  expect(() => answers.load({ params: wide })).toThrow(refusal(/^load: expected the names and sh/));
  expect(answers.predict(x)).toEqual(before);
  const row = { ...x, shape: [1, 2], data: x.data.slice(0, 2) };
  expect(answers.predict(row).data).toEqual(before.data.slice(0, 4)); // another program
  answers.load({ params: second!.params });
  const after = answers.predict(x);
  expect(await Promise.all([a, b, c, d])).toEqual([before, before, after, after]);
});

test.each([
  ["reference", reference()],
  ["wasm", await wasm({ threads: 1 })],
] as const)("on %s no step is committed behind one that was not", (_, engine) => {
  const model = network();
  const { loss, optimizer } = options;
  const scalar = { shape: [], dtype: "int32" } as const;
  const start: TrainingState = {
    ...startOf(model, [2], optimizer, 1),
    committed: { ...scalar, data: Int32Array.of(1) },
  };
  const inputs = {
    x: { shape: [2, 2] },
    y: { shape: [2], dtype: "int32" },
    step: scalar,
    seed: scalar,
  } as const;
  const program = engine.compile(trainingStep(model, { loss, optimizer }), start, inputs);
  const step = (x: number): number =>
    program.step({ x: [x, 1, 2, 3], y: [0, 1], step: 1, seed: 1 }).committed.data[0]!;
  expect(step(1)).toBe(1);
  const state = program.state();
  expect([step(NaN), step(1), step(1)]).toEqual([0, 0, 0]);
  expect(bits(arraysOf(program.state()))).toBe(bits(arraysOf(state)));
  program.load(state);
  expect(step(1)).toBe(1);
});

test("a wrong number of steps in flight is refused, by fit and by evaluate", async () => {
  for (const stepsInFlight of [0, -1, 1.5, NaN, Infinity, "2"]) {
    const engine = { ...delayed(reference()), stepsInFlight } as never;
    const { error } = await run({ engine });
    expect(error).toMatchObject({ name: "RangeError" });
    expect((error as Error).message).toMatch(
      /^fit: expected a whole engine\.stepsInFlight ≥ 1, got /,
    );
    const { params } = startOf(network(), quadrants(10, 3).x.shape, descent(0.05), 5);
    await expect(
      (async () =>
        evaluate(network(), { params, data: quadrants(10, 3), loss: crossEntropy, engine }))(),
    ).rejects.toThrow("evaluate: expected a whole engine.stepsInFlight ≥ 1, got ");
  }
});
