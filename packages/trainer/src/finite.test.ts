import type { ByPath, Dataset, Layer, NDArray } from "@tenon/contracts";
import { dataset } from "@tenon/data";
import { zeros } from "@tenon/init";
import { batchNorm, dense, relu, residual, sequential } from "@tenon/layers";
import { crossEntropy, mse } from "@tenon/losses";
import { adam, sgd } from "@tenon/optimizers";
import { reference, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { describe, expect, test, vi } from "vitest";
import { diagnose } from "./diagnose.js";
import { evaluate } from "./evaluate.js";
import type { EndEvent, FitEvent, NonFiniteEvent } from "./events.js";
import { fit, type FitOptions } from "./fit.js";
import { bits, descent, network, quadrants } from "./internal/testing.js";
import { metadataOf, snapshotFrom } from "./snapshot.js";
import { startOf, trainingStep } from "./trainingStep.js";

async function run(
  model: Layer<Tensor>,
  options: FitOptions,
): Promise<{
  readonly events: FitEvent[];
  readonly end: EndEvent;
  readonly accident: NonFiniteEvent | undefined;
}> {
  const events: FitEvent[] = [];
  for await (const event of fit(model, { ...options, diagnose })) events.push(event);
  return {
    events,
    end: events.at(-1) as EndEvent,
    accident: events.find((event) => event.type === "nonFinite"),
  };
}

/** n rows of two values, and targets that are zero. */
const nothing = (n: number): Dataset =>
  dataset({
    x: {
      shape: [n, 2],
      dtype: "float32",
      data: Float32Array.from({ length: 2 * n }, (_, i) => Math.cos(i)),
    },
    y: { shape: [n, 1], dtype: "float32", data: new Float32Array(n) },
  });

describe.each(["reference", "wasm"] as const)("on the %s engine", (name) => {
  const engineOf = async () => (name === "wasm" ? await wasm({ threads: 1 }) : reference());
  const train = quadrants(64);

  test("a gradient that is not finite ends the run where it was, although the loss is 0", async () => {
    const options: FitOptions = {
      train: nothing(8),
      loss: (p, t) => mse(p, t).sqrt(),
      optimizer: adam(),
      epochs: 3,
      batchSize: 8,
      engine: await engineOf(),
    };
    const { end, accident } = await run(dense(1, { kernelInit: zeros() }), options);
    expect(accident).toMatchObject({
      step: 1,
      epoch: 1,
      loss: 0,
      where: 'the gradient of parameter "kernel"',
    });
    expect(accident!.message).toBe(
      "fit: expected a step that is finite, got one that is not, although its loss is 0, in " +
        "step 1 of epoch 1; " +
        'the gradient of parameter "kernel" is the first that is not finite. The step changed nothing; try a lower learning rate or clipByGlobalNorm',
    );
    expect(end).toMatchObject({
      reason: "nonFinite",
      params: { kernel: { data: Float32Array.of(0, 0) }, bias: { data: Float32Array.of(0) } },
    });
  });

  test.each([
    [
      "a rate beyond float32",
      { optimizer: sgd({ learningRate: 1e39 }) },
      "a rate of the optimizer, 1e+39 (infinite as a float32),",
      "give the optimizer a rate that is finite",
    ],
    [
      "a rate that is NaN",
      { optimizer: sgd({ learningRate: (step) => (step < 1 ? 0.1 : NaN) }) },
      "a rate of the optimizer, NaN,",
      "give the optimizer a rate that is finite",
    ],
    [
      "an update that overflows",
      {
        optimizer: sgd({ learningRate: 3e38 }),
        loss: (p: Tensor, t: Tensor) => crossEntropy(p, t).mul(100),
      },
      'the update of parameter "dense1/kernel"',
      "try a lower learning rate",
    ],
    [
      "a slot that overflows",
      { optimizer: adam(), loss: (p: Tensor, t: Tensor) => crossEntropy(p, t).mul(1e22) },
      'the new value of slot "scaleByAdam/v/dense1/kernel"',
      "try a lower learning rate",
    ],
  ] as const)(
    "%s is named, and the state is the last that was good",
    async (_, more, where, advice) => {
      const { end, accident, events } = await run(network(), {
        train,
        loss: crossEntropy,
        epochs: 2,
        batchSize: 32,
        engine: await engineOf(),
        ...more,
      } as FitOptions);
      expect(accident).toMatchObject({ where });
      expect(accident!.message).toContain(advice);
      expect(end.reason).toBe("nonFinite");
      expect(end.snapshot.progress.step).toBe(events.filter(({ type }) => type === "step").length);
      for (const { data } of Object.values(end.snapshot.arrays))
        expect(data.every(Number.isFinite)).toBe(true);
    },
  );

  test("a statistic that overflows is named", async () => {
    const {
      source: { x, y },
    } = quadrants(64);
    const huge = dataset({ x: { ...x, data: x.data.map((number) => 1e20 * number) }, y });
    const { accident } = await run(sequential(batchNorm(), dense(4)), {
      train: huge,
      loss: crossEntropy,
      optimizer: sgd({ learningRate: 0.1 }),
      engine: await engineOf(),
    });
    expect(accident!.where).toMatch(
      /^(the new value of statistic "batchNorm1\/variance"|layer "batchNorm1")$/,
    );
  });
});

test.each([
  ["x", NaN, "the input batch"],
  ["x", Infinity, "the input batch"],
  ["y", NaN, "the targets of the batch"],
] as const)("%s of %f in the data gets no advice on the rate", async (part, bad, where) => {
  const n = 8;
  const arrays = { x: new Float32Array(2 * n).fill(1), y: new Float32Array(n).fill(1) };
  arrays[part][3] = bad;
  const train = dataset({
    x: { shape: [n, 2], dtype: "float32", data: arrays.x },
    y: { shape: [n, 1], dtype: "float32", data: arrays.y },
  });
  const { accident } = await run(dense(1), {
    train,
    loss: mse,
    optimizer: sgd({ learningRate: 0.1 }),
    engine: reference(),
    batchSize: n,
  });
  expect(accident).toMatchObject({ where, step: 1 });
  expect(accident!.message).toContain("look for NaN and infinity in the data");
  expect(accident!.message).not.toContain("learning rate");
});

test("without diagnose the message says how to get one", async () => {
  const options = { train: quadrants(64), loss: crossEntropy, engine: reference() };
  const events: FitEvent[] = [];
  for await (const event of fit(network(), { ...options, optimizer: sgd({ learningRate: 1e39 }) }))
    events.push(event);
  const accident = events.find(({ type }) => type === "nonFinite")!;
  expect(accident).not.toHaveProperty("where");
  expect((accident as NonFiniteEvent).message).toMatch(
    /^fit: expected a step that is finite, got one that is not, although its loss is [\d.]+, in step 1 of epoch 1\. The step changed nothing; give fit diagnose of @tenon\/trainer, which finds what was not finite first$/,
  );
});

test("a loop of one's own diagnoses a step that was not committed", async () => {
  const [model, loss, optimizer, engine] = [dense(4), crossEntropy, sgd(), reference()];
  const [batch] = quadrants(8).batches({ batchSize: 8 });
  const inputs = { ...batch!, step: 0, seed: 1 };
  const scalar = { shape: [], dtype: "int32" } as const;
  const start = startOf(model, [2], optimizer, 1);
  const step = trainingStep(model, { loss, optimizer });
  const program = engine.compile(step, start, { ...batch!, step: scalar, seed: scalar });
  expect(program.step(inputs).committed.data[0]).toBe(1);
  const bad = { ...batch!, x: { ...batch!.x, data: batch!.x.data.map((v) => v * 1e38) } };
  const huge = (p: Tensor, t: Tensor): Tensor => loss(p.mul(1e38), t);
  const given = { optimizer, engine, state: program.state(), step: 1, seed: 1 };
  expect(await diagnose(model, { ...given, loss: huge, batch: bad })).toEqual({
    where: "the loss",
    advice: "try a lower learning rate or clipByGlobalNorm",
  });
});

describe("a last batch that is not full", () => {
  const unbiased = sequential(
    dense(4),
    residual(sequential(batchNorm({ unbiased: true }), relu())),
    dense(4),
  );
  const options: FitOptions = {
    train: quadrants(33),
    loss: crossEntropy,
    optimizer: descent(0.1),
    engine: reference(),
    epochs: 2,
    batchSize: 16,
  };

  test("is refused before anything is trained where the model cannot be trained on it: with the layer's path and the remedy", async () => {
    const seen: string[] = [];
    await expect(
      (async () => {
        for await (const { type } of fit(unbiased, options)) seen.push(type);
      })(),
    ).rejects.toThrow(
      /^fit: expected a model that can be trained on the last batch of an epoch, which has 1 example left, got layer "residual1\/[^"]*batchNorm1": batchNorm: expected at least 2 values per channel for an unbiased variance, got \[1, 4\].*; use dropLast: true or another batchSize$/,
    );
    expect(seen).toEqual([]);
    await expect(run(unbiased, { ...options, batchSize: 1 })).rejects.toThrow(
      "trained on batches of 1",
    );
  });

  test("can be dropped", async () => {
    const { end, events } = await run(unbiased, { ...options, dropLast: true });
    expect(events.filter((event) => event.type === "step").map((event) => event.examples)).toEqual([
      16, 16, 16, 16,
    ]);
    expect(events[0]).toMatchObject({ stepsPerEpoch: 2 });
    expect(end.reason).toBe("done");
    // A dataset without an identity, and a run that is resumed.
    const plain = {
      ...options.train,
      batches: ({ dropLast: _, ...rest }: Parameters<Dataset["batches"]>[0]) =>
        options.train.batches(rest),
    };
    const other = await run(unbiased, { ...options, train: plain, dropLast: true, epochs: 1 });
    const resumed = await run(unbiased, {
      ...options,
      resume: snapshotFrom(other.end.snapshot.arrays, metadataOf(other.end.snapshot)),
    });
    expect(bits(resumed.end.params)).toBe(bits(end.params));
    await expect(run(unbiased, { ...options, dropLast: true, batchSize: 64 })).rejects.toThrow(
      "fit: expected a batchSize ≤ 33, with dropLast, got 64",
    );
  });
});

test("what is no dataset, or no batch, is refused in words", async () => {
  const engine = reference();
  const options: FitOptions = {
    train: quadrants(8),
    loss: crossEntropy,
    optimizer: descent(0.1),
    engine,
  };
  await expect(run(network(), { ...options, train: undefined as never })).rejects.toThrow(
    "fit: expected train as a dataset, with size, x, y and batches, got undefined; make one of " +
      "arrays with dataset({ x, y })",
  );
  await expect(
    run(network(), { ...options, train: { x: [[1, 2], [3]], y: [0, 1] } as never }),
  ).rejects.toThrow(
    "fit: expected train as a dataset, with size, x, y and batches, got { x: [[1, 2], [3]], y: [0, 1] };",
  );
  await expect(run(network(), { ...options, validation: null as never })).rejects.toThrow(
    "fit: expected validation as a dataset",
  );
  await expect(
    evaluate(network(), { params: {}, data: [] as never, loss: crossEntropy, engine }),
  ).rejects.toThrow("evaluate: expected data as a dataset, with size, x, y and batches, got []");
  const given = (batch: object): Dataset => ({
    size: 8,
    x: { shape: [2] },
    y: { shape: [], dtype: "int32" },
    batches: () => [batch as never],
  });
  await expect(run(network(), { ...options, train: given({ x: [[1, 2], [3]] }) })).rejects.toThrow(
    "fit: expected batches { x, y } of arrays { shape, dtype, data } whose first axis counts " +
      "the examples, got [[1, 2], [3]] for x",
  );
  const { x, y } = quadrants(8).source;
  await expect(run(network(), { ...options, train: given({ x }) })).rejects.toThrow(
    "got undefined for y",
  );
  await expect(
    run(network(), { ...options, train: given({ x, y: { ...y, shape: [7] } }) }),
  ).rejects.toThrow(
    "fit: expected as many targets as examples in a batch, got 8 examples and 7 targets",
  );
});

const { setImmediate } = globalThis as unknown as { setImmediate(call: () => void): void };

test("evaluate lets others have a turn", async () => {
  let time = 0;
  let turns = 0;
  let open = true;
  const watch = vi.spyOn(performance, "now").mockImplementation(() => (time += 30));
  const tick = (): void => {
    turns++;
    if (open) setImmediate(tick);
  };
  setImmediate(tick);
  const data = quadrants(32);
  const { params, stats } = await startOfNetwork();
  const before = turns;
  const engine = reference();
  await evaluate(network(), { params, stats, data, loss: crossEntropy, batchSize: 2, engine });
  open = false;
  watch.mockRestore();
  expect(turns - before).toBeGreaterThanOrEqual(5);
});

async function startOfNetwork(): Promise<{
  readonly params: ByPath<NDArray>;
  readonly stats: ByPath<NDArray>;
}> {
  return (
    await run(network(), {
      train: quadrants(32),
      loss: crossEntropy,
      optimizer: descent(0),
      engine: reference(),
      epochs: 0,
    })
  ).end;
}
