import type { AnyEngine, Batch, Dataset, Layer, NDArray } from "@tenon/contracts";
import { batchNorm, dense, sequential } from "@tenon/layers";
import { crossEntropy, mse } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import {
  adam,
  chain,
  clipByGlobalNorm,
  momentum,
  sgd,
  skipNonFinite,
  zeroNans,
} from "@tenon/optimizers";
import { reference, type Tensor } from "@tenon/tensor";
import { delayed } from "@tenon/testkit";
import { wasm } from "@tenon/wasm";
import { describe, expect, test } from "vitest";
import { diagnose } from "./diagnose.js";
import type { EndEvent, FitEvent } from "./events.js";
import { fit, type FitOptions } from "./fit.js";
import { historyCsv } from "./historyCsv.js";
import { bits, quadrants } from "./internal/testing.js";
import { metadataOf, snapshotFrom } from "./snapshot.js";
import { statistics } from "./statistics.js";

const options: FitOptions = {
  train: quadrants(80),
  loss: crossEntropy,
  metrics: [accuracy],
  optimizer: skipNonFinite(momentum({ learningRate: 0.1 })),
  engine: reference(),
  diagnose,
  batchSize: 16,
  seed: 2,
};
const model = (): Layer<Tensor> => sequential(dense(8), batchNorm(), dense(4));

async function run(more: Partial<FitOptions>, of = model()) {
  const events: FitEvent[] = [];
  for await (const event of fit(of, { ...options, ...more })) events.push(event);
  return { events, end: events.at(-1) as EndEvent };
}

/**
 * The data with other batches, by the function of their index; one that gives nothing is left out.
 */
function changed(
  change: (batch: Batch, at: number) => Batch | undefined,
  data: Dataset = options.train,
): Dataset {
  return {
    ...data,
    *batches(given) {
      let at = given.from ?? 0;
      for (const batch of data.batches(given) as Iterable<Batch>) {
        const other = change(batch, at++);
        if (other) yield other;
      }
    },
  };
}
const broken = ({ x, y }: Batch, value = NaN): Batch => ({
  x: { ...x, data: x.data.map((number, i) => (i === 3 ? value : number)) },
  y,
});
const badAt = (...places: readonly number[]): Dataset =>
  changed((batch, at) => (places.includes(at) ? broken(batch) : batch));

const engines: Readonly<Record<string, () => AnyEngine<Tensor> | Promise<AnyEngine<Tensor>>>> = {
  reference,
  wasm: () => wasm({ threads: 1 }),
  "an engine that answers later": () => delayed(reference(), { stepsInFlight: 3 }),
};

describe.each(Object.keys(engines))("on %s", (name) => {
  test("a step with a bad batch is left out: all is as if the batch were not there", async () => {
    const engine = await engines[name]!();
    const { events, end } = await run({ train: badAt(2), engine });
    const without = changed((batch, at) => (at === 2 ? undefined : batch));
    const expected = await run({ train: { ...without, size: 64 }, engine });
    expect(end.reason).toBe("done");
    expect(bits(end.params)).toBe(bits(expected.end.params));
    expect(bits(end.stats)).toBe(bits(expected.end.stats));
    expect(end.history).toEqual([{ ...expected.end.history[0], step: 5, skipped: 1 }]);
    expect(events.map(({ type }) => type)).toEqual(
      "start step step skipped step step epoch end".split(" "),
    );
    expect(events[3]).toMatchObject({ step: 3, batch: 3, batches: 5, examples: 16, loss: NaN });
    expect(events[3]).toMatchObject({
      inARow: 1,
      running: (events[2] as (typeof events)[3]) && {},
    });
    expect(end.snapshot.arrays["slots/skipNonFinite/steps/dense2/bias"]!.data[0]).toBe(1);
  });

  test("after as many in a row as are allowed the run ends at the last good state", async () => {
    const { events, end } = await run({
      train: badAt(1, 2, 3),
      optimizer: skipNonFinite(adam(), { most: 2 }),
      engine: await engines[name]!(),
    });
    expect(events.map(({ type }) => type)).toEqual(
      "start step skipped skipped nonFinite end".split(" "),
    );
    expect(events[4]).toMatchObject({
      step: 4,
      where: "the input batch",
      message: expect.stringContaining("in step 4 of epoch 1, after 2 in a row that were left out"),
    });
    expect(end.reason).toBe("nonFinite");
    expect(Object.values(end.params).every(({ data }) => data.every(Number.isFinite))).toBe(true);
  });

  test("a loss that overflows is enough, although every gradient is finite", async () => {
    const loss = (p: Tensor, t: Tensor): Tensor => mse(p, t.mul(0)).add(t.max().exp().mul(0.1));
    const train: Dataset = {
      size: 3,
      x: { shape: [1] },
      y: { shape: [1] },
      batches: () => [1, 200, 2].map((y) => ({ x: array([1, 1], [1]), y: array([1, 1], [y]) })),
    };
    const { events } = await run(
      { train, loss, metrics: [], batchSize: 1, engine: await engines[name]!() },
      dense(1),
    );
    expect(events.map(({ type }) => type)).toEqual("start step skipped step epoch end".split(" "));
    expect(events[2]).toMatchObject({ loss: Infinity });
  });

  test("zeroNans takes a gradient that is NaN, not a loss", async () => {
    // The root has no finite gradient at 0.
    const loss = (p: Tensor, t: Tensor): Tensor => mse(p, t).sqrt();
    const zeros = { x: array([1, 1], [0]), y: array([1, 1], [0]) };
    const bad = { x: array([1, 1], [NaN]), y: array([1, 1], [0]) };
    const train: Dataset = {
      size: 2,
      x: { shape: [1] },
      y: { shape: [1] },
      batches: () => [zeros, bad],
    };
    const { events, end } = await run(
      {
        ...{ train, loss, metrics: [], batchSize: 1, engine: await engines[name]!() },
        optimizer: chain(zeroNans(), sgd({ learningRate: 0.1 })),
      },
      dense(1),
    );
    expect(events.map(({ type }) => type)).toEqual("start step nonFinite end".split(" "));
    expect(end.snapshot.arrays["slots/zeroNans/steps/kernel"]!.data[0]).toBe(1);
  });
});

const array = (shape: readonly number[], data: readonly number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: Float32Array.from(data),
});

test("a run that is resumed in the middle of an epoch counts what was left out before", async () => {
  const train = badAt(0, 2, 4);
  const whole = await run({ train, epochs: 2 });
  expect(whole.end.history.map(({ skipped }) => skipped)).toEqual([3, 3]);
  const stop = new AbortController();
  let part: EndEvent | undefined;
  for await (const event of fit(model(), { ...options, train, epochs: 2, signal: stop.signal })) {
    if (event.type === "skipped" && event.step === 3) stop.abort();
    if (event.type === "end") part = event;
  }
  expect(part!.snapshot.progress).toMatchObject({ batch: 3, skipped: 2 });
  const { snapshot } = part!;
  const resume = snapshotFrom(snapshot.arrays, metadataOf(snapshot));
  const { end } = await run({ train, epochs: 2, resume });
  expect(end.history).toEqual(whole.end.history);
  expect(bits(end.snapshot.arrays)).toBe(bits(whole.end.snapshot.arrays));
});

test("an epoch of which nothing counted has no loss, and is not the best", async () => {
  const { end, events } = await run({ train: badAt(0, 1, 2, 3, 4) });
  expect(end.history[0]).toMatchObject({ train: { loss: NaN }, skipped: 5 });
  expect(events.find(({ type }) => type === "epoch")).toMatchObject({ best: false });
});

test("it is found inside other transforms, and each step that is observed is described", async () => {
  const optimizer = chain(clipByGlobalNorm(1), chain(skipNonFinite(adam())));
  const { events } = await run({ train: badAt(1), optimizer, observe: statistics({ every: 1 }) });
  const observed = events.filter(({ type }) => type === "statistics");
  expect(observed.map((event) => (event as { step: number }).step)).toEqual([1, 2, 3, 4, 5]);
  expect((observed[1] as { input: { nonFinite: number } }).input.nonFinite).toBeGreaterThan(0);
});

test("the table of a history has a column of them", async () => {
  const { end } = await run({ train: badAt(1), epochs: 2 });
  const clean = await run({ epochs: 2 });
  expect(historyCsv(end.history).split("\n")[0]).toContain("skipped");
  expect(historyCsv(clean.end.history)).not.toContain("skipped");
});
