import type { Transform } from "@tenon/contracts";
import { crossEntropy } from "@tenon/losses";
import { l2 } from "@tenon/regularizers";
import { mapLeaves } from "@tenon/tensor";
import { expect, test } from "vitest";
import { descent, network } from "./internal/testing.js";
import { events, memoryStore, resultsOf, setup, small, train } from "./internal/testingStudy.js";
import { areaUnderLoss, finalOf, stepsTo, study } from "./index.js";

type Options = typeof small;
const name = "rate=0 seed 1";

/** A store with the small study's first run, finished or stopped after its third step. */
async function stored(state: "finished" | "under way"): Promise<ReturnType<typeof memoryStore>> {
  const store = memoryStore();
  const options = { ...small, store, checkpointEvery: 1 };
  for await (const event of study(options)) {
    if (event.type === "runEnd") break;
    if (event.type === "fit" && event.event.type === "step" && event.event.step === 4)
      if (state === "under way") break;
  }
  return store;
}

/** The same optimizer, but that its rates are halved in the last of the six steps. */
const late = (optimizer: Transform): Transform => ({
  ...optimizer,
  update: (flow, clock) =>
    optimizer.update(flow, {
      value: (rate) =>
        clock.value((step) => (typeof rate === "number" ? rate : rate(step)) / (step < 5 ? 1 : 2)),
    }),
});

/** The same optimizer, but that its slots begin with 1. */
const begun = (optimizer: Transform): Transform => ({
  ...optimizer,
  slots: (shapes) =>
    mapLeaves(optimizer.slots(shapes), ({ shape }) => ({ shape, start: 1 })) as never,
});

const changes: readonly [what: string, change: (options: Options) => Partial<Options>, RegExp][] = [
  [
    "the options of an arm",
    () => ({ arms: { "rate=0": { rate: 0.1 } } }),
    /^study: expected arm "rate=0" with seed 1 to have the options that it was stored with, \{"rate":0\}, got \{"rate":0\.1\}; give the arm another name, or use another store$/,
  ],
  [
    "the model",
    () => ({ setup: (options) => ({ ...setup(options), model: network(0.3) }) }),
    /the model that it was stored with, ….*"args":\[0\]\}.*, got ….*"args":\[0\.3\]\}/,
  ],
  [
    "the optimizer",
    () => ({
      setup: (options) => ({
        ...setup(options),
        optimizer: { ...descent(0.1), name: "another" },
      }),
    }),
    /the optimizer that it was stored with, "descent", got "another"/,
  ],
  [
    "the learning rate",
    () => ({ setup: (options) => ({ ...setup(options), optimizer: descent(0.2) }) }),
    /the schedules that it was stored with, \[\{"first":\[-0\.1,.*, got \[\{"first":\[-0\.2,/,
  ],
  [
    "a schedule, late in the run",
    () => ({
      setup: (options) => ({
        ...setup(options),
        optimizer: late(descent(0.1)),
      }),
    }),
    /the schedules that it was stored with, \[\{"first":\[-0\.1,.*"all":"[0-9a-f]{16}"\}\], got \[\{"first":\[-0\.1,.*"all":"[0-9a-f]{16}"\}\]/,
  ],
  [
    "a hyper-parameter of the optimizer that is no schedule",
    () => ({ setup: (options) => ({ ...setup(options), optimizer: descent(0.1, 0.8) }) }),
    /the training step that it was stored with, "[0-9a-f]{16}", got "[0-9a-f]{16}"; give the arm/,
  ],
  [
    "what the optimizer's slots begin with",
    () => ({ setup: (options) => ({ ...setup(options), optimizer: begun(descent(0.1)) }) }),
    /the training step that it was stored with, "[0-9a-f]{16}", got "[0-9a-f]{16}"/,
  ],
  [
    "the loss",
    () => ({
      setup: (options) => ({
        ...setup(options),
        loss: (p, y) => crossEntropy(p, y, { labelSmoothing: 0.1 }),
      }),
    }),
    /the training step that it was stored with, "[0-9a-f]{16}", got "[0-9a-f]{16}"/,
  ],
  [
    "a penalty",
    () => ({ setup: (options) => ({ ...setup(options), penalties: [l2(0.01)] }) }),
    /the penalties that it was stored with, \[\], got \["l2"\]/,
  ],
  [
    "the epochs",
    () => ({ setup: (options) => ({ ...setup(options), epochs: 3 }) }),
    /the epochs that it was stored with, 2, got 3/,
  ],
  [
    "the batch size",
    () => ({ setup: (options) => ({ ...setup(options), batchSize: 8 }) }),
    /the batchSize that it was stored with, 16, got 8/,
  ],
  [
    "the data",
    () => ({
      setup: (options) => ({ ...setup(options), train: { ...train, identity: () => "others" } }),
    }),
    /the training data that it was stored with, "[0-9a-f]+", got "others"/,
  ],
  [
    "what a measure is",
    ({ measures }) => ({
      measures: { ...measures, steps: stepsTo("running.accuracy", 0.9, "higher") },
    }),
    /to be measured as when it was stored, "steps" by .*"threshold":0\.3.*, got .*"threshold":0\.9/,
  ],
  [
    "the direction of a measure",
    ({ measures }) => ({
      measures: { ...measures, area: { ...areaUnderLoss(), better: "higher" } },
    }),
    /"area" by \{"better":"lower",.*, got \{"better":"higher"/,
  ],
  [
    "a further measure",
    ({ measures }) => ({ measures: { ...measures, loss: finalOf("train.loss", "lower") } }),
    /"loss" by nothing, got \{"better":"lower"/,
  ],
];

test.each(changes)(
  "refuses a stored run after a change of %s, by name",
  async (_, change, message) => {
    for (const state of ["finished", "under way"] as const) {
      const options = { ...small, store: await stored(state), ...change(small) };
      await expect(events(options)).rejects.toThrow(message);
    }
  },
);

test("a set-up that lacks something is refused as by fit", async () => {
  const options: Options = {
    ...small,
    store: memoryStore(),
    setup: (options) => ({ ...setup(options), train: undefined as never }),
  };
  await expect(events(options)).rejects.toThrow(
    /^study: in arm "rate=0" with seed 1: fit: expected train/,
  );
});

test("refuses another strength of the same penalty", async () => {
  const store = memoryStore();
  const penalized = (rate: number): Partial<Options> => ({
    setup: (options) => ({ ...setup(options), penalties: [l2(rate)] }),
  });
  await events({ ...small, store, ...penalized(0.01) });
  expect((await events({ ...small, store, ...penalized(0.01) })).at(-1)!.type).toBe("end");
  await expect(events({ ...small, store, ...penalized(0.02) })).rejects.toThrow(
    /the training step that it was stored with/,
  );
});

test("takes the same options in another order, and fewer measures", async () => {
  const { area } = small.measures;
  const arms = { a: { rate: 0, width: 8 } };
  const store = memoryStore();
  const before = resultsOf(await events({ ...small, arms, seeds: [1], store }));
  const turned = { a: { width: 8, rate: 0 } };
  const after = await events({
    ...small,
    arms: turned,
    seeds: [1],
    store,
    measures: { area: area! },
  });
  expect(after.map(({ type }) => type)).toEqual(["start", "runEnd", "end"]);
  const { runs } = resultsOf(after);
  expect(runs[0]!.measures).toEqual({ area: before.runs[0]!.measures["area"] });
});

test("two studies of other arms share a store; one that has an arm of another's name is refused", async () => {
  const store = memoryStore();
  const first = resultsOf(await events({ ...small, store }));
  const other: Options = {
    ...small,
    arms: { low: { rate: 0.1 }, high: { rate: 0.9 } },
    measures: { area: areaUnderLoss() },
  };
  const second = resultsOf(await events({ ...other, store }));
  expect(JSON.stringify(second)).toBe(JSON.stringify(resultsOf(await events(other))));
  expect(JSON.stringify(resultsOf(await events({ ...small, store })))).toBe(JSON.stringify(first));
  expect(store.runs.size).toBe(8);
  await expect(events({ ...other, arms: { "rate=0.5": { rate: 0.9 } }, store })).rejects.toThrow(
    'study: expected arm "rate=0.5" with seed 1 to have the options that it was stored with, ' +
      '{"rate":0.5}, got {"rate":0.9}',
  );
});

test("refuses what is no run, and a run under another's name", async () => {
  const foreign = memoryStore();
  await foreign.write(name, {}, { format: "pt" });
  await expect(events({ ...small, store: foreign })).rejects.toThrow(
    `study: expected a run of a study under "${name}" in the store, got no "tenon.study" in its ` +
      "text; remove it from the store, and the run is done again",
  );
  for (const text of ["", "{", "[]", "null", '{"arm":"rate=0","seed":1}']) {
    await foreign.write(name, {}, { "tenon.study": text });
    await expect(events({ ...small, store: foreign })).rejects.toThrow("expected a run of a study");
  }
  const store = await stored("finished");
  store.runs.set("rate=0.5 seed 1", store.runs.get(name)!);
  await expect(events({ ...small, store })).rejects.toThrow(
    'study: expected arm "rate=0.5" with seed 1 under its name in the store, got arm "rate=0" ' +
      "with seed 1; put the stored runs back under their names",
  );
});

test("refuses a stored result or snapshot that is not whole, rather than to count it", async () => {
  const store = await stored("finished");
  const { metadata } = store.runs.get(name)!;
  const text = metadata["tenon.study"]!;
  for (const wrong of [
    text.replace(/"reason":"done"/, '"reason":"aborted"'),
    text.replace(/"accuracy":[\d.]+/, '"accuracy":"high"'),
    text.replace(/"steps":6,"epochs"/, '"steps":-1,"epochs"'),
  ]) {
    expect(wrong).not.toBe(text);
    await store.write(name, {}, { "tenon.study": wrong });
    await expect(events({ ...small, store })).rejects.toThrow("expected a run of a study");
  }
  const under = await stored("under way");
  const { arrays, metadata: words } = under.runs.get(name)!;
  const { "params/dense1/kernel": _, ...rest } = arrays;
  await under.write(name, rest, words);
  await expect(events({ ...small, store: under })).rejects.toThrow(
    /^study: in arm "rate=0" with seed 1: resume: .*params\/dense1\/kernel/,
  );
});

test("a run that ends with what is not finite is stored, counted, and not run again", async () => {
  const store = memoryStore();
  const options: Options = {
    ...small,
    store,
    setup: (options) => ({
      ...setup(options),
      ...(options.rate > 0 && { optimizer: descent(1e38) }),
    }),
  };
  const results = resultsOf(await events(options));
  expect(results.runs.map(({ reason }) => reason)).toEqual([
    ...["done", "done"],
    ...["nonFinite", "nonFinite"],
  ]);
  expect(results.arms["rate=0.5"]).toMatchObject({ runs: 2, nonFinite: 2 });
  expect(results.arms["rate=0.5"]!.measures["area"]).toMatchObject({
    n: 0,
    missing: 2,
    mean: null,
  });
  expect(results.pairs[0]!.measures["area"]).toMatchObject({ n: 0, missing: 2, beats: 1 });
  const again = await events(options);
  expect(JSON.stringify(resultsOf(again))).toBe(JSON.stringify(results));
  expect(again.some(({ type }) => type === "runStart")).toBe(false);
});

test("what a store throws is said with the run that it was for", async () => {
  const full = (): never => {
    throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  };
  const failed = await events({ ...small, store: { ...memoryStore(), write: full } }).catch(
    (error: Error) => error as Error & { cause: { code: string } },
  );
  expect(failed).toMatchObject({
    message: 'study: in arm "rate=0" with seed 1: ENOSPC: no space left on device',
    cause: { code: "ENOSPC" },
  });
});
