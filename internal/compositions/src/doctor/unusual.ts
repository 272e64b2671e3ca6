import type { ByPath, Layer, NDArray } from "@tenon/contracts";
import { zeros } from "@tenon/init";
import { dense, dropout, flatten, relu, residual, sequential, softmax, tanh } from "@tenon/layers";
import { crossEntropy, mse } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { adagrad, adam, momentum } from "@tenon/optimizers";
import { normal, random } from "@tenon/random";
import { cosineDecay } from "@tenon/schedulers";
import type { Tensor } from "@tenon/tensor";
import { fit, type Snapshot } from "@tenon/trainer";
import { blobs, labelled, parted, spirals, strokes, valued, type Examples } from "./data.js";
import { oneThread, type Run } from "./run.js";

const images = parted(strokes(1200), 900, labelled);
const noisy = parted(blobs(1200, 4, 8, 2), 900, labelled);
const base = { loss: crossEntropy, metrics: [accuracy], data: images, epochs: 4, every: 5 };
const usual = { ...base, optimizer: adam({ learningRate: 0.01 }) };
const mlp = (): Layer<Tensor> => sequential(dense(64), relu(), dense(64), relu(), dense(4));

/** Whether an even number of the first `bits` of `features` signs are positive. */
function parity(count: number, bits: number, features: number): Examples {
  const rng = random(15);
  const rows = Array.from({ length: count }, () =>
    Array.from({ length: features }, () => (rng() < 0.5 ? -1 : 1)),
  );
  const targets = rows.map((row) => row.slice(0, bits).filter((x) => x > 0).length % 2);
  return { rows, targets };
}

/** Pictures of 28 × 28 pixels with a line of six, so that most pixels are 0 in a whole batch. */
function thinLines(count: number): Examples {
  const rng = random(16);
  const targets = Array.from({ length: count }, (_, i) => i % 2);
  const rows = targets.map((label) => {
    const [place, from] = [Math.floor(28 * rng()), Math.floor(22 * rng())];
    return Array.from({ length: 784 }, (_, i) => {
      const [across, along] = label === 0 ? [i % 28, Math.floor(i / 28)] : [i / 28, i % 28];
      return Math.floor(across) === place && along >= from && along < from + 6 ? 1 : 0;
    });
  });
  return { rows, targets };
}

/** A line that explains a small part of its values' variance, by default a twentieth. */
function weakLine(count: number, rise = 0.23): Examples {
  const rng = random(17);
  const rows = Array.from({ length: count }, () => Array.from({ length: 4 }, () => normal(rng)));
  return { rows, targets: rows.map(([x]) => rise * x! + normal(rng)) };
}

/** Prices in thousands, of houses with eight features. */
function prices(count: number): Examples {
  const rng = random(3);
  const rows = Array.from({ length: count }, () => Array.from({ length: 8 }, () => normal(rng)));
  const price = ([size, place, age]: readonly number[]): number =>
    20 + 8 * (size! + 0.5 * place! * age! + 0.3 * normal(rng));
  return { rows, targets: rows.map(price) };
}

/** Runs as they should be, each of them unusual in one way. */
export const unusualRuns: Readonly<Record<string, () => Run>> = {
  "a last layer of zeros": () => ({
    ...usual,
    model: sequential(dense(32), relu(), dense(4, { kernelInit: zeros() })),
  }),
  "a network that ends with a residual connection": () => ({
    ...usual,
    model: sequential(dense(4), residual([dense(4), relu()])),
    epochs: 5,
  }),
  "a softmax inside the network": () => ({
    ...usual,
    model: sequential(dense(128), softmax(), dense(64), relu(), dense(4)),
    epochs: 5,
  }),
  "a plateau, and then learning": () => ({
    ...usual,
    data: parted(parity(2800, 4, 12), 2400, labelled),
    model: sequential(dense(256), relu(), dense(256), relu(), dense(2)),
    epochs: 3,
  }),
  "classes that overlap": () => ({
    ...base,
    data: parted(blobs(2400, 4, 8, 4), 2000, labelled),
    model: sequential(dense(16), relu(), dense(16), relu(), dense(4)),
    optimizer: adam({ learningRate: 0.001 }),
    epochs: 8,
  }),
  "Adagrad's first steps": () => ({
    ...base,
    model: mlp(),
    optimizer: adagrad({ learningRate: 0.1 }),
    epochs: 3,
  }),
  "prices in thousands, Adam at 0.1": () => ({
    ...{ ...base, metrics: [], loss: mse, data: parted(prices(500), 400, valued) },
    model: sequential(dense(8), relu(), dense(1)),
    optimizer: adam({ learningRate: 0.1 }),
    epochs: 20,
  }),
  "a dropout of 0.7, and few epochs": () => ({
    ...base,
    model: sequential(dense(512), relu(), dropout(0.7), dense(4)),
    optimizer: adam({ learningRate: 0.001 }),
    epochs: 2,
  }),
};

/** More of them, which only `npm run test:long` does. */
export const longUnusualRuns: Readonly<Record<string, () => Run | Promise<Run>>> = {
  "a residual body whose last layer is zero": () => ({
    ...usual,
    model: sequential(
      dense(16),
      relu(),
      residual([dense(16), relu(), dense(16, { kernelInit: zeros() })]),
      dense(4),
    ),
  }),
  "a batch whose pixels are mostly zero": () => ({
    ...usual,
    data: parted(thinLines(800), 640, (part) => labelled(part, [28, 28, 1])),
    model: sequential(flatten(), dense(64), relu(), dense(2)),
    batchSize: 8,
    epochs: 2,
  }),
  "values that are mostly noise": () => ({
    ...{ ...base, metrics: [], loss: mse, data: parted(weakLine(4000), 3000, valued) },
    model: sequential(dense(16), relu(), dense(16), relu(), dense(1)),
    optimizer: adam({ learningRate: 0.001 }),
  }),
  "a line that explains a fiftieth": () => ({
    ...{ ...base, metrics: [], loss: mse, data: parted(weakLine(1400, 0.15), 1000, valued) },
    model: dense(1),
    optimizer: adam({ learningRate: 0.01 }),
    epochs: 20,
  }),
  "resumed, with noisy data": () => resumed(noisy, 20, 18),
  "a long plateau of tanh": () => ({
    ...base,
    data: parted(spirals(1600), 1200, labelled),
    model: sequential(dense(64), tanh(), dense(64), tanh(), dense(2)),
    optimizer: momentum({ learningRate: 0.05 }),
    epochs: 60,
  }),
};

/** Runs that begin with what another one has learnt: that run, and the one after it. */
export const laterRuns: Readonly<Record<string, () => Promise<Run>>> = {
  "resumed, with a rate that has decayed": () => resumed(images, 6, 5),
  "fine-tuning at a rate of 1e-5": async () => {
    const run = { ...base, data: noisy, model: mlp(), epochs: 6 };
    const optimizer = adam({ learningRate: 0.003 });
    const { params } = await ended({ ...run, optimizer });
    return {
      ...{ ...run, model: startedWith(run.model, params), epochs: 3 },
      optimizer: adam({ learningRate: 1e-5 }),
    };
  },
  "fine-tuning on other labels": async () => {
    const run = { ...base, data: parted(blobs(1200, 4, 8), 900, labelled), model: mlp() };
    const { params } = await ended({ ...run, optimizer: adam({ learningRate: 0.003 }) });
    const others = { ...blobs(1200, 4, 8), targets: blobs(1200, 4, 8).targets.map((y) => 3 - y) };
    return {
      ...{ ...run, data: parted(others, 900, labelled), model: startedWith(run.model, params) },
      optimizer: adam({ learningRate: 0.003 }),
    };
  },
};

async function resumed(data: Run["data"], epochs: number, stopAt: number): Promise<Run> {
  const learningRate = cosineDecay({ start: 0.003, steps: epochs * 29 });
  const run = { ...base, data, model: mlp(), optimizer: adam({ learningRate }), epochs };
  const { snapshot } = await ended(run, stopAt);
  return { ...run, resume: snapshot };
}

/** The end of a run, after all its epochs or some. */
async function ended(
  { model, data, loss, optimizer, epochs }: Run,
  stopAt = epochs,
): Promise<{ readonly params: ByPath<NDArray>; readonly snapshot: Snapshot }> {
  const stop = new AbortController();
  const { train, validation } = data;
  const parts = { train, validation, loss, optimizer, epochs, metrics: [accuracy], seed: 1 };
  const run = fit(model, {
    ...{ ...parts, batchSize: 32, signal: stop.signal },
    engine: await oneThread(),
  });
  for await (const event of run) {
    if (event.type === "epoch" && event.epoch === stopAt) stop.abort();
    if (event.type === "end") return event;
  }
  throw new Error("a run without an end");
}

/** The model, with these as its initial values. */
const startedWith = (model: Layer<Tensor>, params: ByPath<NDArray>): Layer<Tensor> => ({
  ...model,
  plan(input) {
    const plan = model.plan(input);
    const specs = Object.entries(plan.params).map(([path, spec]) => [
      path,
      { ...spec, init: () => Float32Array.from(params[path]!.data) },
    ]);
    return { ...plan, params: Object.fromEntries(specs) };
  },
});
