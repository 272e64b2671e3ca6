import type { ByPath, Layer, NDArray, Transform } from "@tenon/contracts";
import { zeros } from "@tenon/init";
import { batchNorm, dense, relu, sequential } from "@tenon/layers";
import { mse } from "@tenon/losses";
import { adam, chain, clipByGlobalNorm, rmsprop, scale, sgd } from "@tenon/optimizers";
import { l2 } from "@tenon/regularizers";
import { reference, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { describe, expect, test } from "vitest";
import { bits } from "./internal/testing.js";
import { arraysOf } from "./snapshot.js";
import { startOf, trainingStep, type TrainingStepOptions } from "./trainingStep.js";

const scalar = { shape: [], dtype: "int32" } as const;
type Batch = {
  readonly x: readonly number[] | Float32Array;
  readonly y: readonly number[] | Float32Array;
};

interface Loop {
  readonly state: () => ByPath<NDArray>;
  step(batch: Batch): { readonly loss: number; readonly committed: number };
  load(change: (arrays: Record<string, NDArray>) => void): void;
}

async function loopOf(
  name: string,
  model: Layer<Tensor>,
  shapes: { readonly x: readonly number[]; readonly y: readonly number[] },
  options: TrainingStepOptions,
  threads = 1,
): Promise<Loop> {
  const engine = name === "wasm" ? await wasm({ threads }) : reference();
  const program = engine.compile(
    trainingStep(model, options),
    startOf(model, shapes.x.slice(1), options.optimizer, 3),
    { x: { shape: shapes.x }, y: { shape: shapes.y }, step: scalar, seed: scalar },
  );
  let step = 0;
  return {
    state: () => arraysOf(program.state()),
    step(batch) {
      const { loss, committed } = program.step({ ...batch, step: step++, seed: 3 });
      return { loss: loss.data[0]!, committed: committed.data[0]! };
    },
    load(change) {
      const state = program.state();
      change(arraysOf(state));
      program.load(state);
    },
  };
}

/** A batch of `count` values, none of them zero. */
const wave = (n: number, size = 1): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => size * Math.cos(i * i + 1));

/** Large enough for loops to be shared by threads. */
const wide = (): Layer<Tensor> => sequential(dense(80), relu(), dense(90), relu(), dense(2));
const [n, features] = [4, 100];
const shapes = { x: [n, features], y: [n, 2] };
const batch = (size = 1): Batch => ({ x: wave(n * features, size), y: wave(2 * n) });

type Accident = readonly [string, TrainingStepOptions, readonly Batch[], Layer<Tensor>?];

/** Steps that end with something that is not finite: the last of them must change nothing. */
const accidents: readonly Accident[] = [
  [
    "an infinite rate",
    { loss: mse, optimizer: sgd({ learningRate: (step) => (step < 2 ? 0.1 : Infinity) }) },
    [batch(), batch(), batch()],
  ],
  [
    "a rate that is infinite as a float32",
    { loss: mse, optimizer: sgd({ learningRate: 1e39 }) },
    [batch()],
  ],
  [
    "a rate that is NaN",
    { loss: mse, optimizer: adam({ learningRate: (step) => (step < 2 ? 0.1 : NaN) }) },
    [batch(), batch(), batch()],
  ],
  [
    "an update that overflows",
    { loss: mse, optimizer: sgd({ learningRate: (step) => (step < 1 ? 0.01 : 3e38) }) },
    [batch(), batch(3)],
  ],
  [
    "a slot that overflows",
    { loss: mse, optimizer: chain(growing(), sgd({ learningRate: 0.01 })) },
    [batch(), batch(), batch()],
  ],
  [
    "a square that overflows",
    { loss: (p, t) => mse(p, t).mul(1e21), optimizer: adam() },
    [batch()],
  ],
  [
    "a gradient that overflows",
    {
      loss: (p, t) => mse(p, t).mul(1e15),
      optimizer: chain(clipByGlobalNorm(1), sgd({ learningRate: 0.1 })),
    },
    [batch(), batch(1e14)],
  ],
  [
    "0 / 0 in the rule",
    { loss: mse, optimizer: chain(zeroByZero(2), sgd({ learningRate: 0.1 })) },
    [batch(), batch(), batch()],
  ],
  [
    "a statistic that overflows",
    { loss: (p, t) => mse(p, t), optimizer: sgd({ learningRate: 0.1 }) },
    [batch(), batch(1e20)],
    sequential(batchNorm(), dense(2)),
  ],
  [
    "a gradient that is not finite where the loss is",
    { loss: (p, t) => mse(p, t).sqrt(), optimizer: adam() },
    [{ x: wave(n * features), y: new Float32Array(2 * n) }],
    sequential(dense(80), relu(), dense(2, { kernelInit: zeros() })),
  ],
  [
    "a constant factor that overflows a parameter",
    { loss: mse, optimizer: chain(scale(1e38), sgd({ learningRate: 1 })) },
    [batch(100)],
  ],
  [
    "a constant factor that overflows a square",
    { loss: mse, optimizer: chain(scale(1e20), adam()) },
    [batch(100)],
  ],
  [
    "a constant factor after the rate",
    { loss: mse, optimizer: chain(sgd({ learningRate: 1e7 }), scale(1e32)) },
    [batch(100)],
  ],
  [
    "a penalty that overflows",
    { loss: mse, optimizer: sgd({ learningRate: 1e25 }), penalties: [l2(1)] },
    [batch(), batch()],
  ],
];

/**
 * A rule that remembers more and more of one parameter's gradients, and leaves them as they are.
 */
function growing(): Transform {
  return {
    name: "growing",
    slots: (shapes) => ({
      "growing/a": { "dense1/kernel": { shape: shapes["dense1/kernel"]!, start: 0 } },
    }),
    update: (flow) => ({
      ...flow,
      slots: {
        ...flow.slots,
        "growing/a": {
          "dense1/kernel": flow.slots["growing/a"]!["dense1/kernel"]!.mul(1e22).add(
            flow.updates["dense1/kernel"]!,
          ),
        },
      },
    }),
  };
}

/** A rule that divides nothing by nothing in a step, far from anything large. */
function zeroByZero(at: number): Transform {
  return {
    name: "zeroByZero",
    slots: () => ({}),
    update: (flow, clock) => {
      const nothing = clock.value((step) => (step < at ? 1 : 0));
      return {
        ...flow,
        updates: Object.fromEntries(
          Object.entries(flow.updates).map(([path, g]) => [
            path,
            path.startsWith("dense1/k") ? g.mul(nothing).div(nothing) : g,
          ]),
        ),
      };
    },
  };
}

describe.each([
  ["reference", 1],
  ["wasm", 1],
  ["wasm", 2],
] as const)("on the %s engine with %i thread(s)", (name, threads) => {
  test.each(accidents.map(([title, ...accident]) => ({ title, accident })))(
    "$title leaves the state as it was",
    async ({ accident: [options, batches, model = wide()] }) => {
      const loop = await loopOf(name, model, shapes, options, threads);
      for (const [i, given] of batches.entries()) {
        const before = loop.state();
        const last = i === batches.length - 1;
        const { committed } = loop.step(given);
        expect(committed).toBe(last ? 0 : 1);
        expect(bits(loop.state()) === bits(before)).toBe(last);
      }
      for (const { data } of Object.values(loop.state()))
        expect(data.every(Number.isFinite)).toBe(true);
    },
  );

  test.each([
    ["adam", adam(), "scaleByAdam/v"],
    ["rmsprop", rmsprop(), "scaleByRms/v"],
  ] as const)(
    "a mean of squares below zero, as only a load can make it, leaves the state as it was: %s",
    async (_, optimizer, slot) => {
      const loop = await loopOf(name, wide(), shapes, { loss: mse, optimizer }, threads);
      loop.step(batch());
      loop.load((arrays) => arrays[`slots/${slot}/dense1/kernel`]!.data.fill(-1));
      const before = bits(loop.state());
      for (let i = 0; i < 2; i++) {
        expect(loop.step(batch()).committed).toBe(0);
        expect(bits(loop.state())).toBe(before);
      }
    },
  );

  test("after a step that was not taken, training goes on", async () => {
    const options: TrainingStepOptions = { loss: mse, optimizer: adam({ learningRate: 0.01 }) };
    const [a, b] = [
      await loopOf(name, wide(), shapes, options, threads),
      await loopOf(name, wide(), shapes, options, threads),
    ];
    const poisoned = { ...batch(), x: wave(n * features).fill(Infinity, 7, 8) };
    a.step(batch());
    b.step(batch());
    expect(a.step(poisoned).committed).toBe(0);
    expect(b.step(poisoned).committed).toBe(0);
    expect([a.step(batch()).committed, a.step(batch()).committed]).toEqual([1, 1]);
    expect(Number.isFinite(a.step(batch()).loss)).toBe(true);
  });
});

test("the optimizer reads the loss, with penalties", () => {
  const loss: Transform = {
    name: "loss",
    slots: () => ({ "loss/seen": { kernel: { shape: [], start: 0 } } }),
    update: (flow, clock) => ({
      ...flow,
      slots: { ...flow.slots, "loss/seen": { kernel: clock.loss! } },
    }),
  };
  const options = { loss: mse, optimizer: chain(loss, sgd()), penalties: [l2(0.3)] };
  const program = reference().compile(
    trainingStep(dense(2), options),
    startOf(dense(2), [features], options.optimizer, 3),
    { ...{ x: { shape: shapes.x }, y: { shape: shapes.y } }, step: scalar, seed: scalar },
  );
  const { loss: reported } = program.step({ ...batch(), step: 0, seed: 3 });
  expect(reported.data[0]).toBeGreaterThan(0);
  expect(program.state().slots["loss/seen"]!["kernel"]!.data).toEqual(reported.data);
});
