import { describe, expect, test } from "vitest";
import type { Batch, ByPath, Dataset, NDArray, Stopper } from "@tenon/contracts";
import { crossEntropy } from "@tenon/losses";
import { dense, exponential, relu, sequential } from "@tenon/layers";
import { accuracy } from "@tenon/metrics";
import { reference } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { evaluate } from "./evaluate.js";

import { bits, descent, network, quadrants } from "./internal/testing.js";
import { options, run } from "./internal/testingRun.js";
import { predictor } from "./predictor.js";
import { arraysOf, metadataOf, snapshotFrom, stateFrom, type Snapshot } from "./snapshot.js";
import { startOf, trainingStep } from "./trainingStep.js";

describe.each(["reference", "wasm"] as const)("on the %s engine", (name) => {
  const engine = async () => (name === "wasm" ? await wasm() : reference());

  test("it learns, and reports what happened in order", async () => {
    const { events, end } = await run({ engine: await engine(), epochs: 30 });
    expect(events[0]).toMatchObject({
      type: "start",
      step: 0,
      epochs: 30,
      stepsPerEpoch: 7,
      parameters: 2 * 24 + 24 + 24 * 4 + 4,
    });
    expect(events.filter(({ type }) => type === "step")).toHaveLength(30 * 7);
    // The last batch of an epoch holds what is left.
    expect(
      events
        .filter((e) => e.type === "step")
        .slice(0, 7)
        .map((e) => (e as { examples: number }).examples),
    ).toEqual([32, 32, 32, 32, 32, 32, 8]);
    expect(end.reason).toBe("done");
    expect(end.history).toHaveLength(30);
    expect(end.history[29]!.validation!["accuracy"]).toBeGreaterThan(0.9);
    expect(end.history[29]!.train["loss"]).toBeLessThan(end.history[0]!.train["loss"]! / 2);
  });

  test("a run resumed anywhere ends with the same bits", async () => {
    const using = await engine();
    const whole = await run({ engine: using });
    for (const stopAt of [1, 6, 7, 8, 13, 21]) {
      const stop = new AbortController();
      const first = await run({ engine: using, signal: stop.signal }, network(), (event) => {
        if (event.type === "step" && event.step === stopAt) stop.abort();
      });
      expect(first.end.reason).toBe("aborted");
      // As it would come back from a file.
      const resume = snapshotFrom(
        first.end.snapshot.arrays,
        JSON.parse(JSON.stringify(metadataOf(first.end.snapshot))) as ByPath<string>,
      );
      expect(resume.progress.step).toBe(stopAt);
      const second = await run({ engine: using, resume });
      expect(bits(second.end.params)).toBe(bits(whole.end.params));
      expect(bits(second.end.snapshot.arrays)).toBe(bits(whole.end.snapshot.arrays));
      expect(second.end.history).toEqual(whole.end.history);
    }
  });
});

test("stopped in the middle of a validation, it ends there, and resumed begins with it", async () => {
  const whole = await run();
  const stop = new AbortController();
  const held = options.validation!;
  let seen = 0;
  const validation: Dataset = {
    ...held,
    *batches() {
      for (const batch of held.batches({ batchSize: 10 }) as Iterable<Batch>) {
        // In the second epoch's third batch.
        if (++seen === 13) stop.abort();
        yield batch;
      }
    },
  };
  const first = await run({ validation, signal: stop.signal });
  expect([first.end.reason, first.end.history.length, seen]).toEqual(["aborted", 1, 13]);
  expect(first.end.snapshot.progress).toMatchObject({ epoch: 1, batch: 7, step: 14 });
  const second = await run({ resume: first.end.snapshot });
  expect(second.events.slice(0, 2).map(({ type }) => type)).toEqual(["start", "epoch"]);
  expect(bits(second.end.snapshot.arrays)).toBe(bits(whole.end.snapshot.arrays));
  expect(second.end.history.map(({ step, train }) => [step, train])).toEqual(
    whole.end.history.map(({ step, train }) => [step, train]),
  );
});

test("the same seed gives the same bits, another one others", async () => {
  const engine = await wasm();
  const [a, b, c] = [await run({ engine }), await run({ engine }), await run({ engine, seed: 8 })];
  expect(bits(a!.end.params)).toBe(bits(b!.end.params));
  expect(bits(a!.end.params)).not.toBe(bits(c!.end.params));
});

test("a loop written by hand from the public functions gives the same bits", async () => {
  const { end } = await run({ epochs: 1 });
  const model = network();
  const seed = 7;
  const program = reference().compile(
    trainingStep(model, { loss: crossEntropy, optimizer: options.optimizer }),
    startOf(model, [2], options.optimizer, seed),
    {
      x: { shape: [8, 2] },
      y: { shape: [8], dtype: "int32" },
      step: { shape: [], dtype: "int32" },
      seed: { shape: [], dtype: "int32" },
    } as const,
  );
  const by8 = await run({ epochs: 1, batchSize: 8 });
  let step = 0;
  for await (const batch of options.train.batches({ batchSize: 8, seed, epoch: 0 }))
    program.step({ ...batch, step: step++, seed });
  expect(bits(program.state().params)).toBe(bits(by8.end.params));
  expect(bits(end.params)).not.toBe(bits(by8.end.params));
});

test("evaluate and predictor agree with the last epoch's scores", async () => {
  const { end } = await run();
  const scores = await evaluate(network(), {
    params: end.params,
    stats: end.stats,
    data: options.validation!,
    loss: crossEntropy,
    metrics: [accuracy],
    batchSize: 33,
    engine: reference(),
  });
  const last = end.history[2]!.validation!;
  expect(scores["accuracy"]).toBe(last["accuracy"]);
  expect(scores["loss"]).toBeCloseTo(last["loss"]!, 6);
  const model = predictor(network(), { ...end, engine: reference() });
  let right = 0;
  for await (const { x, y } of options.validation!.batches({ batchSize: 40 })) {
    const { data, shape } = model.predict(x);
    for (let i = 0; i < shape[0]!; i++) {
      const row = [...data.slice(4 * i, 4 * i + 4)];
      if (row.indexOf(Math.max(...row)) === y.data[i]) right++;
    }
  }
  expect(right / 100).toBe(scores["accuracy"]);
});

test("a loss that is not finite stops the run, names step and layer, and changes nothing", async () => {
  const hot = sequential(dense(8), exponential(), exponential(), dense(4));
  const written: Readonly<Record<string, NDArray>>[] = [];
  const { events, end } = await run(
    {
      optimizer: descent(50),
      epochs: 50,
      checkpoints: {
        write: (_, arrays) => {
          written.push(arrays);
        },
      },
    },
    hot,
  );
  const accident = events.find((event) => event.type === "nonFinite")!;
  expect(accident).toMatchObject({
    where: expect.stringMatching(/^layer "exponential[12]"$/) as string,
    step: end.snapshot.progress.step + 1,
  });
  expect((accident as { message: string }).message).toContain("expected a finite loss");
  expect(end.reason).toBe("nonFinite");
  for (const { data } of Object.values(end.snapshot.arrays))
    expect(data.every(Number.isFinite)).toBe(true);
  expect(bits(written.at(-1)!)).toBe(bits(end.snapshot.arrays)); // the steps before it are kept
});

test("a NaN in the data is found there", async () => {
  const train = quadrants(64);
  const poisoned = {
    ...train,
    *batches(given: never) {
      for (const batch of train.batches(given) as Iterable<{ x: NDArray; y: NDArray }>) {
        batch.x.data[3] = NaN;
        yield batch;
      }
    },
  };
  const { events } = await run({ train: poisoned as typeof train });
  expect(events.find((event) => event.type === "nonFinite")).toMatchObject({
    where: "the input batch",
    step: 1,
  });
});

const patient: Stopper<{ best: number; wait: number }> = {
  start: { best: Infinity, wait: 0 },
  monitor: "validation.loss",
  restoreBest: true,
  observe: (state, value) =>
    value < state.best
      ? { state: { best: value, wait: 0 }, stop: false, best: true }
      : { state: { ...state, wait: state.wait + 1 }, stop: state.wait + 1 >= 2, best: false },
};

test("early stopping ends the run and brings the best epoch back", async () => {
  const { events, end } = await run({
    optimizer: descent(2.5),
    epochs: 60,
    earlyStopping: patient as Stopper,
  });
  expect(end.reason).toBe("earlyStopping");
  const losses = end.history.map((line) => line.validation!["loss"]!);
  const best = losses.indexOf(Math.min(...losses));
  expect(end.snapshot.progress.best).toEqual({ epoch: best + 1, value: losses[best] });
  expect(losses).toHaveLength(best + 1 + 2);
  const scores = await evaluate(network(), {
    ...end,
    data: options.validation!,
    loss: crossEntropy,
    engine: reference(),
  });
  expect(scores["loss"]).toBeCloseTo(losses[best]!, 6);
  expect(events.filter((event) => event.type === "epoch" && event.best).length).toBeGreaterThan(0);
  // A run that has stopped stays stopped.
  expect(
    (await run({ epochs: 60, earlyStopping: patient as Stopper, resume: end.snapshot })).end,
  ).toMatchObject({ reason: "earlyStopping", history: end.history });
});

test("checkpoints: the last and the best of every epoch, and after every `every` steps", async () => {
  const written: [string, Snapshot][] = [];
  const checkpoints = {
    write: (name: string, arrays: ByPath<NDArray>, metadata: ByPath<string>) => {
      written.push([name, snapshotFrom(arrays, metadata)]);
    },
  };
  const { end } = await run({ checkpoints, checkpointEvery: 3, epochs: 2 });
  expect(
    written
      .map(
        ([
          name,
          {
            progress: { step },
          },
        ]) => `${name} ${step}`,
      )
      .filter((at) => at.startsWith("last")),
  ).toEqual(["last 0", "last 3", "last 6", "last 7", "last 9", "last 12", "last 14"]);
  expect(bits(written[written.length - 1]![1].arrays)).toBe(bits(end.snapshot.arrays));
});

test("what makes no sense is refused, with the reason", async () => {
  await expect(run({ epochs: 1.5 })).rejects.toThrow("fit: expected a whole epochs ≥ 0, got 1.5");
  await expect(run({ batchSize: 0 })).rejects.toThrow("fit: expected a whole batchSize ≥ 1, got 0");
  await expect(run({ seed: 2 ** 40 })).rejects.toThrow("32-bit integer");
  await expect(run({ checkpointEvery: 5 })).rejects.toThrow("expected checkpoints");
  await expect(run({ best: { monitor: "validation.auc", mode: "max" } })).rejects.toThrow(
    'expected to monitor one of train.loss, train.accuracy, validation.loss, validation.accuracy, got "validation.auc"',
  );
  const { end } = await run();
  await expect(
    run({ resume: end.snapshot, epochs: 5 }, sequential(dense(25), relu(), dense(4)) as never),
  ).rejects.toThrow(/dense1\/kernel: expected float32 \[2, 25\], got float32 \[2, 24\]/);
  expect(() => snapshotFrom({}, {})).toThrow("is this a checkpoint of a run?");
  expect(() => snapshotFrom({}, { "tenon.progress": "{}" })).toThrow("to have seed");
  const early: Snapshot = { ...end.snapshot, progress: { ...end.snapshot.progress, batch: 9999 } };
  await expect(run({ resume: early, epochs: 5 })).rejects.toThrow(
    "resume: expected data of 9999 batches or more, as the run had, got 7",
  );
  await expect(run({ resume: end.snapshot, epochs: 5, metrics: [] })).rejects.toThrow(
    "resume: expected 1 metrics, as the run had, got 0",
  );
});

test.each([
  ["step", 1.5],
  ["step", -5],
  ["batchSize", 0],
  ["seed", "1"],
  ["history", undefined],
  ["history", []],
  ["history", [1, 2, 3]],
  ["metrics", undefined],
  ["best", undefined],
  ["best", {}],
  ["lossParts", null],
  ["lossParts", [{ total: 1 }]],
  ["stopped", undefined],
  ["stopper", undefined],
  ["data", null],
  ["data", { train: 1 }],
])("a snapshot whose %s is %j is damaged", async (name, value) => {
  const { end } = await run();
  const progress = { ...end.snapshot.progress, [name]: value } as never;
  expect(() => snapshotFrom({}, { "tenon.progress": JSON.stringify(progress) })).toThrow(
    `snapshotFrom: expected "tenon.progress" to have ${name}, `,
  );
});

test("a state is its arrays by path, and back", async () => {
  const { end } = await run({ epochs: 1 });
  const state = stateFrom(end.snapshot.arrays, startOf(network(), [2], options.optimizer, 0));
  expect(state.params).toEqual(end.params);
  expect(Object.keys(state.slots)).toEqual(["descent/u"]);
  expect(bits(arraysOf(state))).toBe(
    bits(
      Object.fromEntries(
        Object.entries(end.snapshot.arrays).filter(([path]) => !path.startsWith("best/")),
      ),
    ),
  );
  expect(() => stateFrom({}, state)).toThrow("missing params/dense1/kernel");
});
