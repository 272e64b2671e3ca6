import type { Batch, Dataset, Loss, NDArray } from "@tenon/contracts";
import { bucketed, dataset, prefetch, take, weigh } from "@tenon/data";
import { dense, globalAvgPool2d, reshape, sequential } from "@tenon/layers";
import { crossEntropy, mse } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { reference, type Tensor } from "@tenon/tensor";
import { expectClose, refusal } from "@tenon/testkit";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";
import { bits, digest, quadrants } from "./internal/testing.js";
import { run } from "./internal/testingRun.js";
import { evaluate, fit } from "./index.js";

// Of examples with weights 0 … 3, an integer weight is as good as the example that often.

const plain = quadrants(40);
const times = Array.from({ length: 40 }, (_, i) => (i * 7) % 4);
const weighed = weigh(plain, { examples: times });
const repeated = dataset(plain.gather(times.flatMap((count, i) => Array<number>(count).fill(i))));
const each: Loss<Tensor> = (predictions, targets) =>
  crossEntropy(predictions, targets, { reduction: "none" });
const model = sequential(dense(4));
const engine = reference();
const weightsOf = async (): Promise<{ params: Readonly<Record<string, NDArray>> }> =>
  (await run({ train: plain, epochs: 1, engine, metrics: [] }, model)).end;

test.each([1, 7, 40])(
  "the scores of a dataset in batches of %i are those with repeated examples",
  async (batchSize) => {
    const { params } = await weightsOf();
    const options = { params, metrics: [accuracy], engine };
    const scores = await evaluate(model, { ...options, data: weighed, loss: each, batchSize });
    const expected = await evaluate(model, { ...options, data: repeated, loss: crossEntropy });
    expectClose(
      [scores["loss"]!, scores["accuracy"]!],
      [expected["loss"]!, expected["accuracy"]!],
      1e-6,
    );
  },
);

test.each(["reference", "wasm"])(
  "a step is that of a batch with repeated examples, on the %s engine",
  async (name) => {
    const engine = name === "wasm" ? await wasm({ threads: 1 }) : reference();
    const one = { epochs: 1, batchSize: 400, validation: weighed, engine, metrics: [accuracy] };
    const { end } = await run({ ...one, train: weighed, loss: each, seed: 1 }, model);
    const { end: other } = await run(
      { ...one, train: repeated, validation: repeated, loss: crossEntropy, seed: 1 },
      model,
    );
    for (const [path, { data }] of Object.entries(end.params))
      expectClose([...data], [...other.params[path]!.data], 1e-6);
    expectClose(
      [...Object.values(end.history[0]!.train), ...Object.values(end.history[0]!.validation!)],
      [...Object.values(other.history[0]!.train), ...Object.values(other.history[0]!.validation!)],
      1e-6,
    );
  },
);

test("weights of 1 change nothing but roundings, and class weights are those of the loss", async () => {
  const ones = weigh(plain, { classes: [1, 1, 1, 1] });
  const { params } = await weightsOf();
  const lossOf = async (data: Dataset, loss: Loss<Tensor>): Promise<number> =>
    (await evaluate(model, { params, data, loss, engine, batchSize: 9 }))["loss"]!;
  expect(await lossOf(ones, each)).toBeCloseTo(await lossOf(plain, crossEntropy), 6);
  const classes = [1, 2, 0.5, 0];
  const classWeighted: Loss<Tensor> = (x, t) => crossEntropy(x, t, { classWeights: classes });
  expect(await lossOf(weigh(plain, { classes }), each)).toBeCloseTo(
    await lossOf(plain, classWeighted),
    6,
  );
});

test("a loss with several values for an example is their mean", async () => {
  const data = dataset({
    x: { shape: [3, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    y: { shape: [3, 2], dtype: "float32", data: Float32Array.of(0, 0, 1, 1, 2, 2) },
  });
  const params = {
    kernel: { shape: [2, 2], dtype: "float32" as const, data: Float32Array.of(1, 0, 0, 1) },
    bias: { shape: [2], dtype: "float32" as const, data: Float32Array.of(0, 0) },
  };
  const loss: Loss<Tensor> = (x, t) => mse(x, t, { reduction: "none" });
  const { loss: got } = await evaluate(dense(2), {
    params,
    data: weigh(data, { examples: [1, 0, 3] }),
    loss,
    engine,
  });
  expect(got).toBeCloseTo(((1 + 4) / 2 + 3 * ((9 + 16) / 2)) / 4, 6);
});

test("a run that is resumed in the middle of an epoch ends with the same bits", async () => {
  const options = {
    train: weighed,
    validation: weighed,
    loss: each,
    batchSize: 7,
    epochs: 2,
    checkpoints: { write() {}, digest },
    engine,
  };
  const { end } = await run(options);
  const controller = new AbortController();
  const { end: first } = await run(
    { ...options, signal: controller.signal },
    undefined,
    (event) => {
      if (event.type === "step" && event.step === 8) controller.abort();
    },
  );
  const { end: second } = await run({ ...options, resume: first.snapshot });
  expect(bits(second.params)).toBe(bits(end.params));
  expect(second.history).toEqual(end.history);
  await expect(
    run({ ...options, train: weigh(plain, { classes: [1, 2, 3, 4] }), resume: first.snapshot }),
  ).rejects.toThrow(refusal("resume: expected the train data that the snapshot was taken with"));
});

test("sequences in batches of several lengths are trained and scored", async () => {
  const x = Array.from({ length: 30 }, (_, i) =>
    Array<number>(1 + ((i * 5) % 12)).fill(i % 2 ? 1 : -1),
  );
  const y: NDArray = {
    shape: [30],
    dtype: "int32",
    data: Int32Array.from({ length: 30 }, (_, i) => i % 2),
  };
  const train = bucketed({ x, y }, { lengths: [4, 8, 12] });
  const anyLength = sequential(reshape([-1, 1, 1]), globalAvgPool2d(), dense(2));
  const { end } = await run(
    { train, validation: train, loss: crossEntropy, batchSize: 8, epochs: 20, engine },
    anyLength,
  );
  expect(end.history.at(-1)!.validation!["accuracy"]).toBe(1);
});

test("weights go through prefetch; a diagnosis works with them", async () => {
  const { end } = await run({
    train: prefetch(weighed, 2),
    validation: weighed,
    loss: each,
    epochs: 1,
    engine,
  });
  expect(end.reason).toBe("done");
  const wild = dataset({
    x: { ...plain.source.x, data: Float32Array.from(plain.source.x.data, (v) => v * 1e30) },
    y: plain.source.y,
  });
  const { events } = await run({
    train: weigh(wild, { examples: times }),
    validation: weighed,
    loss: each,
    epochs: 2,
    engine,
  });
  expect(events.find(({ type }) => type === "nonFinite")).toMatchObject({
    where: expect.stringMatching(/gradient|loss|layer|value/),
  });
});

test("what cannot be weighed is refused", async () => {
  const wrong = async (train: Dataset, loss: Loss<Tensor>): Promise<void> => {
    for await (const _ of fit(model, {
      train,
      loss,
      optimizer: { name: "n", slots: () => ({}), update: (flow) => flow },
      engine,
    }));
  };
  await expect(wrong(weighed, crossEntropy)).rejects.toThrow(
    refusal(
      "loss: expected a loss for each of 32 examples, since they have weights, got float32 []; write (predictions, targets) => ",
    ),
  );
  const short: Dataset = {
    ...take(weighed, 4),
    *batches() {
      const batch: Batch = take(weighed, 4).gather([0, 1, 2, 3]);
      yield { ...batch, weights: { ...batch.weights!, shape: [2, 2] } };
    },
  };
  await expect(wrong(short, each)).rejects.toThrow(
    refusal("fit: expected weights [4], one for each example of a batch, got [2, 2]"),
  );
});
