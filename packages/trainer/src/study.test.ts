import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { reference } from "@tenon/tensor";
import { delayed } from "@tenon/testkit";
import { expect, expectTypeOf, test } from "vitest";
import { network } from "./internal/testing.js";
import { events, memoryStore, resultsOf, setup, small, train } from "./internal/testingStudy.js";
import { finalOf, fit, gridOf, study, type EndEvent, type StudyOptions } from "./index.js";

test("runs each arm with each seed, as fit alone would", async () => {
  const yielded = await events();
  const { runs } = resultsOf(yielded);
  expect(runs.map(({ arm, seed }) => `${arm} ${seed}`)).toEqual([
    "rate=0 1",
    "rate=0 2",
    "rate=0.5 1",
    "rate=0.5 2",
  ]);
  for (const { arm, seed, measures, ...rest } of runs) {
    const { model, ...options } = setup(small.arms[arm]!);
    let [end, area, norms] = [undefined as EndEvent | undefined, 0, 0];
    for await (const event of fit(model, { ...options, seed })) {
      if (event.type === "step") area += event.loss;
      if (event.type === "statistics") norms += event.params["dense1/kernel"]!.gradientNorm;
      if (event.type === "end") end = event;
    }
    expect(measures["accuracy"]).toBe(end!.history.at(-1)!.validation!["accuracy"]);
    expect(measures["area"]).toBe(area);
    expect(measures["norms"]).toBe(norms);
    expect(norms).toBeGreaterThan(0);
    expect(rest).toEqual({ reason: "done", steps: 6, epochs: 2 });
  }
  // The runs differ, so that the comparison says something.
  expect(new Set(runs.map(({ measures }) => measures["area"])).size).toBe(4);
});

test("begins with its plan, runs all arms with a seed before the next, names each event's run", async () => {
  const yielded = await events();
  expect(yielded[0]).toEqual({
    type: "start",
    arms: ["rate=0", "rate=0.5"],
    seeds: [1, 2],
    runs: 4,
  });
  expect(
    yielded.flatMap((event) =>
      event.type === "runStart"
        ? [`${event.run}/${event.runs} ${event.arm} ${event.seed} ${event.step}`]
        : [],
    ),
  ).toEqual(["1/4 rate=0 1 0", "2/4 rate=0.5 1 0", "3/4 rate=0 2 0", "4/4 rate=0.5 2 0"]);
  let run = 0;
  for (const event of yielded) {
    if (event.type === "runStart") run = event.run;
    if (event.type === "fit") expect(event.run).toBe(run);
  }
  expect(yielded.filter(({ type }) => type === "fit")).toHaveLength(4 * (1 + 6 + 3 + 2 + 1));
});

test("the same runs give the same JSON, byte for byte", async () => {
  const [first, second] = [resultsOf(await events()), resultsOf(await events())];
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  expect(JSON.parse(JSON.stringify(first))).toEqual(first);
});

test.each([
  ["at once", undefined],
  ["later, with three steps in flight", delayed(reference())],
])(
  "killed after any event, it continues with the same JSON; the engine answers %s",
  async (_, engine) => {
    const options = {
      ...small,
      seeds: [1],
      setup: (arm: { readonly rate: number }) => ({ ...setup(arm), ...(engine && { engine }) }),
    };
    const stored = () => ({ ...options, store: memoryStore(), checkpointEvery: 2 });
    const whole = await events(stored());
    const json = JSON.stringify(resultsOf(whole));
    expect(json).toBe(JSON.stringify(resultsOf(await events({ ...small, seeds: [1] }))));
    // Every other event, where an engine takes its time.
    for (let end = 0; end < whole.length; end += engine ? 2 : 1) {
      const killed = stored();
      const before = await events(killed, end);
      const after = await events(killed);
      expect(JSON.stringify(resultsOf(after)), `killed after event ${end}`).toBe(json);
      const ended = before.filter(({ type }) => type === "runEnd").length;
      // A result is written before its event is yielded.
      const kept = after.filter((event) => event.type === "runEnd" && event.stored).length;
      expect(kept).toBeGreaterThanOrEqual(ended);
      expect(after.filter(({ type }) => type === "runStart")).toHaveLength(2 - kept);
    }
  },
);

test("a run that was killed continues at its last snapshot", async () => {
  const options = { ...small, store: memoryStore(), checkpointEvery: 2 };
  for await (const event of study(options))
    if (event.type === "fit" && event.event.type === "step" && event.event.step === 3) break;
  const yielded = await events(options);
  expect(yielded.find(({ type }) => type === "runStart")).toMatchObject({ arm: "rate=0", step: 2 });
  const first = yielded.find((event) => event.type === "fit" && event.event.type === "step");
  expect(first).toMatchObject({ event: { step: 3 } });
});

test("finished runs are not run again, and arms and seeds may be added", async () => {
  const store = memoryStore();
  const oneRun = { ...small, arms: { "rate=0": { rate: 0 } }, seeds: [2], store };
  await events(oneRun);
  const writes = store.writes();
  const again = await events(oneRun);
  expect(store.writes()).toBe(writes);
  expect(again.map(({ type }) => type)).toEqual(["start", "runEnd", "end"]);
  const wider = await events({ ...small, store });
  expect(JSON.stringify(resultsOf(wider))).toBe(JSON.stringify(resultsOf(await events())));
  expect(wider.filter((event) => event.type === "runEnd" && event.stored)).toHaveLength(1);
});

test("a signal ends it, with the results so far, and it continues", async () => {
  const signal = { aborted: false };
  const options = { ...small, store: memoryStore(), signal };
  const yielded = [];
  for await (const event of study(options)) {
    yielded.push(event);
    if (event.type === "fit" && event.run === 2 && event.event.type === "step")
      signal.aborted = true;
  }
  expect(yielded.at(-1)).toMatchObject({
    type: "end",
    reason: "aborted",
    results: { runs: [{ arm: "rate=0", seed: 1 }], arms: { "rate=0": { runs: 1 } } },
  });
  signal.aborted = false;
  const after = await events(options);
  expect(after.filter(({ type }) => type === "runStart")[0]).toMatchObject({ run: 2, step: 1 });
  expect(JSON.stringify(resultsOf(after))).toBe(JSON.stringify(resultsOf(await events())));
});

test("a store is opened before it is read, and closed whatever happens", async () => {
  const calls: string[] = [];
  const opened = (): StudyOptions<(typeof small)["arms"]> => {
    const store = memoryStore();
    return {
      ...small,
      store: {
        ...store,
        async open() {
          calls.push("open");
          return () => void calls.push("close");
        },
        read: (name) => (calls.push("read"), store.read(name)),
      },
    };
  };
  await events(opened(), 3);
  expect(calls).toEqual(["open", "read", "close"]);
  const broken = (): never => {
    throw new Error("no data today");
  };
  await expect(events({ ...opened(), setup: broken })).rejects.toThrow(
    'study: in arm "rate=0" with seed 1: no data today',
  );
  expect(calls.slice(3)).toEqual(["open", "close"]);
});

test("the options of arms reach setup with their types", () => {
  const measures = { accuracy: finalOf("train.accuracy", "higher") };
  const shared = {
    train,
    loss: crossEntropy,
    metrics: [accuracy],
    optimizer: setup({ rate: 0 }).optimizer,
    engine: setup({ rate: 0 }).engine,
  };
  void study({
    arms: gridOf({ rate: [0, 0.5], kind: ["a", "b"] }),
    seeds: [1],
    setup: ({ rate, kind }) => {
      expectTypeOf(rate).toEqualTypeOf<0 | 0.5>();
      expectTypeOf(kind).toEqualTypeOf<"a" | "b">();
      return { model: network(rate), ...shared };
    },
    measures,
  });
  void study({
    arms: { plain: { rate: 0 }, wide: { rate: 0.5, width: 64 } },
    seeds: [1],
    setup: (options, seed) => {
      expectTypeOf(seed).toEqualTypeOf<number>();
      if ("width" in options) expectTypeOf(options.width).toEqualTypeOf<64>();
      return { model: network(options.rate), ...shared };
    },
    measures,
  });
});
