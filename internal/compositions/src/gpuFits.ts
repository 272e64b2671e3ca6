import type { AsyncEngine, NDArray } from "@tenon/contracts";
import { dataset, rescale } from "@tenon/data";
import {
  conv2d,
  dense,
  dropout,
  flatten,
  maxPool2d,
  relu,
  reshape,
  sequential,
} from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam, sgd, skipNonFinite } from "@tenon/optimizers";
import { earlyStopping } from "@tenon/regularizers";
import {
  fit,
  snapshotFrom,
  type CheckpointWriter,
  type EndEvent,
  type FitEvent,
  type FitOptions,
  type Snapshot,
  statistics,
} from "@tenon/trainer";
import { initialize, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { webgpu, type Gpu } from "@tenon/webgpu";
import { expect, test } from "vitest";

const x: NDArray = {
  shape: [96, 6],
  dtype: "float32",
  data: Float32Array.from({ length: 576 }, (_, i) => Math.sin(i * 1.7)),
};
const y: NDArray = {
  shape: [96],
  dtype: "int32",
  data: Int32Array.from({ length: 96 }, (_, i) => Number(Math.sin(i * 6 * 1.7) > 0)),
};
const examples = dataset({ x, y });
const mlp = sequential(dense(12), relu(), dropout(0.2), dense(2));
const cnn = sequential(
  ...[reshape([2, 3, 1]), conv2d(4, 2, { padding: "same" }), relu()],
  ...[maxPool2d([2, 1]), flatten(), dense(2)],
);
const options = {
  ...{ train: examples, validation: examples, loss: crossEntropy },
  ...{ batchSize: 16, epochs: 4, seed: 5 },
};

async function events(
  given: Pick<FitOptions, "engine"> & Partial<FitOptions>,
  model = mlp,
): Promise<FitEvent[]> {
  const all: FitEvent[] = [];
  const optimizer = adam({ learningRate: 0.01 });
  for await (const event of fit(model, { ...options, optimizer, ...given })) all.push(event);
  return all;
}
const lossesOf = (all: readonly FitEvent[]): number[] =>
  all.flatMap((event) => (event.type === "step" ? [event.loss] : []));

/** That `fit` computes on an engine for GPUs what it computes on others. */
export function gpuFit(engine: AsyncEngine<Tensor>): void {
  for (const [name, model] of Object.entries({ mlp, cnn }))
    test(`fit has the losses of the engine for CPUs, with statistics, in order (${name})`, async () => {
      const ours = await events({ engine, observe: statistics({ every: 8 }) }, model);
      const cpu = await wasm({ threads: 1 });
      const theirs = await events({ engine: cpu, observe: statistics({ every: 8 }) }, model);
      expect(ours.map(({ type }) => type)).toEqual(theirs.map(({ type }) => type));
      const [a, b] = [lossesOf(ours), lossesOf(theirs)];
      expect(a).toHaveLength(24);
      a.forEach((loss, i) => expect(loss).toBeCloseTo(b[i]!, 4));
    });

  test("a step that skipNonFinite leaves out is left out there, too, and the run goes on", async () => {
    const data = x.data.map((value, i) => (i === 300 ? NaN : value));
    const given = {
      train: dataset({ x: { ...x, data }, y }),
      optimizer: skipNonFinite(sgd({ learningRate: 0.1 })),
      epochs: 2,
    };
    const ours = await events({ engine, ...given }, dense(2));
    const theirs = await events({ engine: await wasm({ threads: 1 }), ...given }, dense(2));
    expect(ours.map(({ type }) => type)).toEqual(theirs.map(({ type }) => type));
    expect(ours.filter(({ type }) => type === "skipped")).toHaveLength(2);
    const [a, b] = [lossesOf(ours), lossesOf(theirs)];
    expect(a).toHaveLength(10);
    a.forEach((loss, i) => expect(loss).toBeCloseTo(b[i]!, 4));
  });
}

/** That a run whose device is lost says so, and leaves a checkpoint from which it goes on. */
export function gpuLoss(gpu: Gpu, engine: AsyncEngine<Tensor>): void {
  test("where the device is lost in a run, fit says so, and the last checkpoint is whole", async () => {
    const adapter = (await gpu.requestAdapter())!;
    const device = await adapter.requestDevice();
    let last: Snapshot | undefined;
    const checkpoints: CheckpointWriter = {
      write(name, arrays, metadata) {
        if (name === "last") last = snapshotFrom(arrays, metadata);
        if (last?.progress.step === 12) device.destroy();
      },
    };
    const own = await webgpu({ gpu, adapter, device });
    await expect(events({ engine: own, checkpoints })).rejects.toThrow(
      "webgpu: the device was lost (destroyed",
    );
    expect(own.lost()?.message).toContain("go on from the last checkpoint");
    const resumed = lossesOf(await events({ engine, resume: last! }));
    const whole = lossesOf(await events({ engine: await wasm({ threads: 1 }) }));
    expect(resumed).toHaveLength(12);
    resumed.forEach((loss, i) => expect(loss).toBeCloseTo(whole[12 + i]!, 4));
  });
}

/** That runs on an engine for GPUs go on, stop and stay whole as on others. */
export function gpuRuns(engine: AsyncEngine<Tensor>): void {
  test("a run that is resumed ends with the bits of one that was not; early stopping stops it", async () => {
    const snapshots: Snapshot[] = [];
    const checkpoints: CheckpointWriter = {
      write(name, arrays, metadata) {
        if (name === "last") snapshots.push(snapshotFrom(arrays, metadata));
      },
    };
    const whole = (await events({ engine, checkpoints })).at(-1) as EndEvent;
    const resumed = (await events({ engine, resume: snapshots[0]! })).at(-1) as EndEvent;
    expect(resumed.params).toEqual(whole.params);
    const stopped = await events({
      ...{ engine, epochs: 20, optimizer: adam({ learningRate: 0 }) },
      earlyStopping: earlyStopping({ patience: 1 }),
    });
    expect(lossesOf(stopped).length).toBeLessThan(20 * 6);
  });

  test("rows of a data set of bytes, gathered on the device, give the losses of the engine for CPUs", async () => {
    const bytes = Uint8Array.from({ length: 96 * 81 }, (_, i) => (i * 7919) >> 4);
    const train = rescale(dataset({ x: { shape: [96, 81], dtype: "int32", data: bytes }, y }), {
      center: [121, 97, 140],
      scale: [60, 71, 80],
    });
    const [ours, theirs] = await Promise.all(
      [engine, await wasm({ threads: 1 })].map((on) =>
        events({ engine: on, train, validation: train, epochs: 2 }),
      ),
    );
    const expected = lossesOf(theirs!);
    lossesOf(ours!).forEach((loss, i) => expect(loss).toBeCloseTo(expected[i]!, 4));
    expect(expected).toHaveLength(12);
  });

  test("a loss that is not finite changes nothing", async () => {
    const broken = dataset({ x: { ...x, data: new Float32Array(576).fill(NaN) }, y });
    const all = await events({ engine, train: broken, epochs: 1 });
    expect(all.map(({ type }) => type)).toContain("nonFinite");
    const { params } = all.at(-1) as EndEvent;
    expect(params).toEqual(initialize(mlp.plan([6]), options.seed).params);
  });
}
