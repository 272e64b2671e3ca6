import type {
  ByPath,
  Engine,
  Histogram,
  Layer,
  Leaves,
  NDArray,
  StepStatistics,
} from "@tenon/contracts";
import {
  activation,
  conv2d,
  dense,
  dropout,
  flatten,
  maxPool2d,
  relu,
  relu6,
  reshape,
  residual,
  sequential,
  sigmoid,
  tanh,
} from "@tenon/layers";
import { crossEntropy, mse } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import { random, uniform } from "@tenon/random";
import { l2 } from "@tenon/regularizers";
import { clock, gradients, pass, reference, type Tensor } from "@tenon/tensor";
import { expectClose } from "@tenon/testkit";
import { wasm } from "@tenon/wasm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { statisticsOf } from "./statisticsOf.js";
import {
  startOf,
  trainingStep,
  type ObserveOptions,
  type StepInputs,
  type TrainingState,
} from "./trainingStep.js";

const engines = { reference: reference(), wasm: await wasm({ threads: 1 }) };
const scalar = { shape: [], dtype: "int32" } as const;

const wave = (i: number): number => Math.sin(i * i) + 0.1;

/** Statistics as they are defined, in float64. */
function plainValue({ shape, data }: NDArray, range?: readonly [number, number]) {
  const x = Array.from(data);
  const n = x.length;
  const units = shape.length > 1 ? shape.at(-1)! : 1;
  const mean = x.reduce((sum, v) => sum + v, 0) / n;
  const [low, high] = range ?? [-Infinity, Infinity];
  const near = 0.01 * (high - low < Infinity ? high - low : high);
  const of = (test: (v: number, i: number) => boolean): number => x.filter(test).length / n;
  return {
    mean,
    std: Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n),
    zeros: of((v) => v === 0),
    dead:
      Array.from({ length: units }, (_, unit) =>
        x.every((v, i) => i % units !== unit || v === 0),
      ).filter(Boolean).length / units,
    saturated: range ? of((v) => v - low <= near || high - v <= near) : 0,
    nonFinite: of((v) => !Number.isFinite(v)),
  };
}
const plainNorm = ({ data }: NDArray): number =>
  Math.sqrt(Array.from(data).reduce((sum, v) => sum + v * v, 0));
function plainHistogram({ data }: NDArray, bins: number) {
  const x = Array.from(data).filter(Number.isFinite);
  const [from, to] = [Math.min(...x), Math.max(...x)];
  const counts = new Array<number>(bins).fill(0);
  for (const v of x)
    counts[Math.min(bins - 1, Math.floor(((v - from) / (to - from)) * bins || 0))]! += 1;
  return { from, to, counts };
}

const images = sequential(
  conv2d(6, 3),
  relu(),
  maxPool2d(2),
  flatten(),
  dense(21),
  tanh(),
  dropout(0.3),
  residual([dense(21), sigmoid()]),
  dense(17, {
    kernelInit: (shape, rng) =>
      Float32Array.from({ length: shape[0]! * shape[1]! }, () => 20 * rng() - 10),
  }),
  relu6(),
  dense(5),
);
const ranges: ByPath<readonly [number, number]> = {
  tanh1: [-1, 1],
  "residual1/body/sigmoid1": [0, 1],
  relu61: [-Infinity, 6],
};
const options = {
  loss: crossEntropy,
  optimizer: adam({ learningRate: 0.01 }),
  penalties: [l2(0.1)],
};

function batchOf(n: number, example: readonly number[], seed = 3) {
  const rng = random(seed);
  const length = n * example.reduce((a, b) => a * b, 1);
  return {
    x: {
      shape: [n, ...example],
      dtype: "float32" as const,
      data: Float32Array.from({ length }, () => Math.max(0, uniform(rng, -1, 1))),
    },
    y: {
      shape: [n],
      dtype: "int32" as const,
      data: Int32Array.from({ length: n }, (_, i) => i % 5),
    },
  };
}

/** What a step computes, array by array, on the reference engine. */
function arraysOf(
  model: Layer<Tensor>,
  example: readonly number[],
  batch: ReturnType<typeof batchOf>,
) {
  const program = engines.reference.compile(
    (state: Leaves<TrainingState, Tensor>, { x, y, step, seed }: StepInputs) => {
      const { params, stats, slots } = state;
      const layers: Record<string, Tensor> = {};
      const moment = pass({
        params,
        stats,
        training: { seed, step },
        tap: (path, output) => (layers[path] = output),
      });
      const penalty = options.penalties[0]!.value<Tensor>(params);
      const loss = crossEntropy(model.forward(x, moment), y).add(penalty);
      const grads = gradients(loss, params);
      const flow = { updates: grads, params, slots };
      const { updates } = options.optimizer.update<Tensor>(flow, clock(step));
      return { state, outputs: { layers, grads, updates, params } };
    },
    startOf(model, example, options.optimizer, 1),
    { x: batch.x, y: batch.y, step: scalar, seed: scalar },
  );
  return program.step({ ...batch, step: 4, seed: 1 });
}

function observedOn(
  engine: Engine<Tensor>,
  model: Layer<Tensor>,
  example: readonly number[],
  batch: ReturnType<typeof batchOf>,
  observe: true | ObserveOptions = true,
): StepStatistics {
  const program = engine.compile(
    trainingStep(model, { ...options, observe }),
    startOf(model, example, options.optimizer, 1),
    { x: batch.x, y: batch.y, step: scalar, seed: scalar },
  );
  return statisticsOf(program.step({ ...batch, step: 4, seed: 1 }).observed);
}

const near = (actual: object, expected: Readonly<Record<string, number>>, label: string): void => {
  for (const [name, value] of Object.entries(expected))
    expectClose([(actual as Record<string, number>)[name]!], [value], 2e-5, `${label} ${name}`);
};

describe.each(Object.entries(engines))("on %s", (_, engine) => {
  test.each([
    ["images", images, [12, 11, 3], 9],
    [
      "images, whole vectors",
      sequential(conv2d(32, 3), relu(), flatten(), dense(5)),
      [8, 8, 4],
      32,
    ],
    ["rows", sequential(dense(40), relu(), dense(5)), [7], 33],
    ["scalars", sequential(reshape([1]), dense(5)), [], 12],
  ] as const)("statistics of %s are those of a plain computation", (_, model, example, n) => {
    const batch = batchOf(n, example);
    const expected = arraysOf(model, example, batch);
    const { input, layers, params } = observedOn(engine, model, example, batch);
    near(input, plainValue(batch.x), "input");
    expect(Object.keys(layers)).toEqual(Object.keys(expected.layers));
    for (const [path, output] of Object.entries(expected.layers))
      near(layers[path]!, plainValue(output, ranges[path]), path);
    expect(Object.keys(params)).toEqual(Object.keys(expected.params));
    for (const [path, value] of Object.entries(expected.params)) {
      const norm = plainNorm(value);
      const updateNorm = plainNorm(expected.updates[path]!);
      near(
        params[path]!,
        {
          size: value.data.length,
          norm,
          gradientNorm: plainNorm(expected.grads[path]!),
          updateNorm,
          updateRatio: updateNorm / norm,
          nonFinite: 0,
        },
        path,
      );
    }
  });

  test("histograms count the elements between the smallest and the largest", () => {
    const batch = batchOf(9, [12, 11, 3]);
    const expected = arraysOf(images, [12, 11, 3], batch);
    const { input, layers, params } = observedOn(engine, images, [12, 11, 3], batch, {
      histograms: 7,
    });
    expect(input.histogram).toEqual(plainHistogram(batch.x, 7));
    const close = (actual: Histogram | undefined, array: NDArray): void => {
      const { from, to, counts } = plainHistogram(array, 7);
      near(actual!, { from, to }, "histogram");
      // Where engines round differently, elements may lie on the other side of an edge.
      const moved = counts.reduce((sum, n, i) => sum + Math.abs(n - actual!.counts[i]!), 0);
      expect(moved).toBeLessThanOrEqual(2 + array.data.length / 500);
      expect(actual!.counts.reduce((a, b) => a + b)).toBe(array.data.length);
    };
    for (const [path, output] of Object.entries(expected.layers))
      close(layers[path]!.histogram, output);
    for (const [path, value] of Object.entries(expected.params)) {
      close(params[path]!.histogram, value);
      close(params[path]!.gradientHistogram, expected.grads[path]!);
    }
  });

  test.each([
    ["zeros, then large values", 800, (i: number) => (i < 400 ? 0 : 1e25 * wave(i))],
    ["zeros, then small values", 800, (i: number) => (i < 400 ? 0 : 1e-25 * wave(i))],
    ["small values, then large ones", 800, (i: number) => (i < 400 ? 1e-10 : 1e12) * wave(i)],
    ["a first example far from the others", 4096, (i: number) => (i ? wave(i) : 1e6)],
    ["a last example far from the others", 4096, (i: number) => (i < 4095 ? wave(i) : -1e6)],
    ["both ends of float32", 32, (i: number) => (i ? 3.4e38 : -3.4e38)],
    ["the largest float32", 100, () => 3.4e38],
    ["equal values", 1000, () => 0.1],
    ["a large offset", 512, (i: number) => 1e4 + wave(i)],
    ["large integers", 32, (i: number) => 2 ** 30 + 3 * i],
    ["integers of both ends", 33, (i: number) => (i % 2 ? 2 ** 31 - 1 - i : i - 2 ** 31)],
    ["small integers", 33, (i: number) => i % 5],
  ] as const)("of inputs: %s", (name, n, value) => {
    const isInt = name.includes("integers");
    const list = Array.from(
      { length: n * 3 },
      (_, i) => value(Math.floor(i / 3)) * (isInt ? 1 : 1 - (i % 3) / 8),
    );
    const x = isInt ? Int32Array.from(list) : Float32Array.from(list);
    const dtype = isInt ? "int32" : "float32";
    const model = sequential(flatten(), dense(2));
    const program = engine.compile(
      trainingStep(model, { loss: mse, optimizer: options.optimizer, observe: true }),
      startOf(model, [3], options.optimizer, 1),
      { x: { shape: [n, 3], dtype }, y: { shape: [n, 2] }, step: scalar, seed: scalar },
    );
    const y = new Float32Array(n * 2);
    const { input } = statisticsOf(program.step({ x, y, step: 0, seed: 0 }).observed);
    const expected = plainValue({ shape: [n, 3], dtype, data: x });
    const size = Math.max(Math.abs(expected.mean), expected.std);
    expect(Math.abs(input.mean - expected.mean) / size).toBeLessThan(1e-5);
    expect(Math.abs(input.std - expected.std) / size).toBeLessThan(1e-5);
    expect(Math.abs(input.std / expected.std - 1)).toBeLessThan(name === "equal values" ? 1 : 1e-5);
    expect(input.zeros).toBe(expected.zeros);
    expect(input.nonFinite).toBe(0);
  });

  test.each([
    [0, 1e25],
    [0, 1e-25],
    [1e-10, 1e12],
    [-3e38, 1],
    [1e-38, -1e-38],
    [0, 0],
    [3, 4],
  ])("norms of a parameter of %d and %d, and of its gradient", (...bias) => {
    const model = sequential(dense(2, { useBias: true, biasInit: () => Float32Array.from(bias) }));
    const program = engine.compile(
      // The gradient of the loss is the bias.
      trainingStep(model, {
        loss: (predictions) => predictions.mul(0).sum(),
        optimizer: options.optimizer,
        penalties: [
          { ...l2(0), value: (params) => params["dense1/bias"]!.square().sum().mul(0.5) },
        ],
        observe: true,
      }),
      startOf(model, [3], options.optimizer, 1),
      { x: { shape: [4, 3] }, y: { shape: [4, 2] }, step: scalar, seed: scalar },
    );
    const [x, y] = [new Float32Array(12), new Float32Array(8)];
    const { params } = statisticsOf(program.step({ x, y, step: 0, seed: 0 }).observed);
    const expected = Math.hypot(...Float32Array.from(bias)) || 1;
    const { norm, gradientNorm } = params["dense1/bias"]!;
    if (bias[1] === 0) expect([norm, gradientNorm]).toEqual([0, 0]);
    else
      for (const actual of [norm, gradientNorm])
        expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-6);
  });

  test("of values of any size, offset and spread", () => {
    // A model whose output is its input times a constant, and which has a parameter to train.
    const [n, units] = [37, 5];
    const model = activation("double", (x) => x.mul(2));
    const start = startOf(model, [units], options.optimizer, 1);
    const step = trainingStep(model, { loss: mse, optimizer: options.optimizer, observe: true });
    const spec = { shape: [n, units] };
    const program = engine.compile(step, start, { x: spec, y: spec, step: scalar, seed: scalar });
    const y = new Float32Array(n * units);
    fc.assert(
      fc.property(
        fc.integer({ min: -36, max: 36 }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.integer(),
        (exponent, offset, seed) => {
          const rng = random(seed);
          const x = y.map(() => (offset + uniform(rng, -1, 1)) * 10 ** exponent);
          const observed = program.step({ x, y, step: 0, seed: 0 }).observed;
          const { input, layers } = statisticsOf(observed);
          const expected = plainValue({ ...spec, dtype: "float32", data: x });
          for (const [actual, times] of [
            [input, 1],
            [layers["double"]!, 2],
          ] as const) {
            expect((actual.mean / times - expected.mean) / expected.std).toBeCloseTo(0, 4);
            expect(actual.std / expected.std).toBeCloseTo(times, 4);
          }
        },
      ),
    );
  });
});
