import type { AnyEngine, Batch, Dataset } from "@tenon/contracts";
import { conv2d, dense, flatten, maxPool2d, relu, sequential } from "@tenon/layers";
import { adam, momentum } from "@tenon/optimizers";
import { reference, type Tensor } from "@tenon/tensor";
import { delayed } from "@tenon/testkit";
import { wasm } from "@tenon/wasm";
import { describe, expect, test } from "vitest";
import type { FitEvent, StatisticsEvent } from "./events.js";
import { bits } from "./internal/testing.js";
import { options, run } from "./internal/testingRun.js";
import { arraysOf, type Snapshot } from "./snapshot.js";
import { statistics } from "./statistics.js";
import { startOf, trainingStep } from "./trainingStep.js";

const engines: readonly (readonly [string, AnyEngine<Tensor>])[] = [
  ["the reference engine", reference()],
  ["wasm on 1 thread", await wasm({ threads: 1 })],
  ["wasm on 2 threads", await wasm({ threads: 2 })],
  ["an engine that answers later", delayed(await wasm({ threads: 1 }), { stepsInFlight: 3 })],
];
const isStatistics = (event: FitEvent): event is StatisticsEvent => event.type === "statistics";
const stepsOf = (events: readonly FitEvent[]): number[] =>
  events.filter(isStatistics).map(({ step }) => step);

describe.each(engines)("%s", (_, engine) => {
  test("observation changes no bit of a run, and yields statistics right after steps", async () => {
    const plain = await run({ engine });
    const { events, end } = await run({ engine, observe: statistics({ every: 3, histograms: 5 }) });
    expect(bits(end.snapshot.arrays)).toBe(bits(plain.end.snapshot.arrays));
    // 3 epochs of 7 batches, of which the last has 8 examples.
    expect(stepsOf(events)).toEqual([1, 4, 7, 10, 13, 16, 19]);
    events.forEach((event, i) => {
      if (!isStatistics(event)) return;
      expect(events[i - 1]).toMatchObject({ type: "step", step: event.step, epoch: event.epoch });
    });
    const withoutTimes = (all: readonly FitEvent[]): object[] =>
      all
        .filter((event) => !isStatistics(event))
        .map((event) => ({ ...event, milliseconds: 0, seconds: 0, trainSeconds: 0 }));
    expect(withoutTimes(events)).toEqual(withoutTimes(plain.events));
  });

  test("a resumed run observes the same steps, with the same statistics", async () => {
    const observe = statistics({ every: 4 });
    const whole = (await run({ engine, observe })).events.filter(isStatistics);
    const signal = { aborted: false };
    const first = await run({ engine, observe, signal }, undefined, (event) => {
      if (event.type === "step" && event.step === 9) signal.aborted = true;
    });
    const resume: Snapshot = first.end.snapshot;
    const second = await run({ engine, observe, resume });
    const both = [...first.events, ...second.events].filter(isStatistics);
    expect(both).toEqual(whole);
  });

  test("a step that is not finite is observed, and says where", async () => {
    const { train } = options;
    const broken: Dataset = {
      ...train,
      *batches(given) {
        let index = 0;
        for (const batch of train.batches(given) as Iterable<Batch>)
          yield index++ === 2
            ? { ...batch, x: { ...batch.x, data: batch.x.data.map((v, i) => (i < 4 ? NaN : v)) } }
            : batch;
      },
    };
    const { events } = await run({ engine, train: broken, observe: statistics({ every: 2 }) });
    expect(events.map(({ type }) => type)).toEqual(
      "start step statistics step nonFinite statistics end".split(" "),
    );
    const { step, epoch, input, layers, params } = events.at(-2) as StatisticsEvent;
    expect([step, epoch]).toEqual([3, 1]);
    // Two of 32 examples, and all that is computed of them.
    expect(input.nonFinite).toBe(4 / 64);
    expect(input.mean).toBeNaN();
    expect(layers["dense1"]!.nonFinite).toBe(2 / 32);
    expect(layers["dense2"]!.nonFinite).toBe(2 / 32);
    // Values are finite; gradients and updates are not.
    expect(params["dense2/bias"]!.nonFinite).toBe(2 / 3);
    expect(params["dense2/bias"]!.gradientNorm).toBeNaN();
    expect(Number.isFinite(params["dense2/bias"]!.norm)).toBe(true);
  });
});

test("what an engine fuses in a convolutional network keeps its bits when it is observed", async () => {
  const model = sequential(
    conv2d(8, 3),
    relu(),
    maxPool2d(2),
    conv2d(8, 3, { padding: "same" }),
    relu(),
    flatten(),
    dense(4),
  );
  const optimizer = adam();
  const shape = [16, 14, 14, 3];
  const data = Float32Array.from({ length: 16 * 14 * 14 * 3 }, (_, i) => Math.sin(i * i));
  const labels = Int32Array.from({ length: 16 }, (_, i) => i % 4);
  const scalar = { shape: [], dtype: "int32" } as const;
  for (const threads of [1, 2]) {
    const engine = await wasm({ threads });
    const states = [false, true].map((observe) => {
      const program = engine.compile(
        trainingStep(model, { loss: options.loss, optimizer, observe }),
        startOf(model, shape.slice(1), optimizer, 1),
        { x: { shape }, y: { shape: [16], dtype: "int32" }, step: scalar, seed: scalar },
      );
      for (let step = 0; step < 3; step++) program.step({ x: data, y: labels, step, seed: 1 });
      return bits(arraysOf(program.state()));
    });
    expect(states[1]).toBe(states[0]);
  }
});

test("statistics show what a run suffers from", async () => {
  // Units whose bias is far below zero are dead from the start on.
  const dead = sequential(
    dense(6, { biasInit: (shape) => new Float32Array(shape[0]!).fill(-100) }),
    relu(),
    dense(4),
  );
  const { events } = await run(
    { observe: statistics({ every: 100 }), epochs: 1, optimizer: momentum({ learningRate: 0.1 }) },
    dead,
  );
  const { layers, params } = events.find(isStatistics)!;
  expect(layers["relu1"]).toMatchObject({ zeros: 1, dead: 1, mean: 0, std: 0 });
  expect(params["dense1/kernel"]).toMatchObject({ gradientNorm: 0, updateNorm: 0, updateRatio: 0 });
  expect(params["dense2/bias"]!.updateRatio).toBe(Infinity);
});

test("a model that is not made of layers is one layer, called by its type", async () => {
  const { events } = await run({ observe: statistics({ every: 100 }), epochs: 1 }, dense(4));
  const { layers, params } = events.find(isStatistics)!;
  expect(Object.keys(layers)).toEqual(["dense"]);
  expect(Object.keys(params)).toEqual(["kernel", "bias"]);
});

test("norms are finite in a run in which units die", async () => {
  // What momentum keeps of a dead unit's gradients decays to 10⁻³⁰; that of the others does not.
  const { events } = await run(
    {
      observe: statistics({ every: 50 }),
      epochs: 100,
      seed: 10,
      optimizer: momentum({ learningRate: 1 }),
    },
    sequential(dense(8), relu(), dense(4)),
  );
  const all = events.filter(isStatistics);
  expect(all.at(-1)!.layers["relu1"]!.dead).toBeGreaterThan(0);
  for (const { params } of all)
    for (const { norm, gradientNorm, updateNorm } of Object.values(params))
      expect([norm, gradientNorm, updateNorm].every(Number.isFinite)).toBe(true);
});
