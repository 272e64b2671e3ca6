import type { Dataset, Json, Layer, Metric } from "@tenon/contracts";
import {
  batchNorm,
  dense,
  dropout,
  relu,
  residual,
  sequential,
  tanh,
  weightNorm,
} from "@tenon/layers";
import { mse } from "@tenon/losses";
import { reference, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { bits, descent, quadrants } from "./internal/testing.js";
import { finalOf, study, type StudySetup } from "./index.js";

/** What pairs the arms of a study, and what does not: its doc comment says the same. */

const data = quadrants(40);
/** Targets of eight elements, so that any output of eight units can be trained. */
const train: Dataset = {
  size: data.size,
  x: data.x,
  y: { shape: [8], dtype: "float32" },
  *batches(options) {
    for (const { x } of data.batches(options) as Iterable<{ x: never }>) {
      const { shape } = x as { shape: number[] };
      const zeros = new Float32Array(shape[0]! * 8);
      yield { x, y: { shape: [shape[0]!, 8], dtype: "float32", data: zeros } };
    }
  },
};

/** What each arm began with, in which order it read the examples, and what its steps predicted. */
interface Watched {
  readonly initial: Readonly<Record<string, string>>;
  readonly order: readonly string[];
  readonly predictions: readonly (readonly number[])[];
}

/** Runs each model as an arm; all have the same seed. */
async function watched(
  models: Readonly<Record<string, Layer<Tensor>>>,
  optionsOf: (arm: string) => Partial<StudySetup> = () => ({}),
): Promise<Readonly<Record<string, Watched>>> {
  const byArm: Record<string, { -readonly [K in keyof Watched]: Watched[K] }> = {};
  const arms = Object.fromEntries(Object.keys(models).map((arm) => [arm, { arm }]));
  const setup = ({ arm }: { readonly arm: string }): StudySetup => {
    const current = (byArm[arm] = {
      initial: {},
      order: [],
      predictions: [],
    } as (typeof byArm)[""]);
    const noting: Metric<Json> = {
      name: "noting",
      start: null,
      update: (_, { data: elements }) => {
        current.predictions = [...current.predictions, [...elements]];
        return null;
      },
      result: () => 0,
    };
    return {
      model: models[arm]!,
      train: {
        ...train,
        *batches(options) {
          for (const batch of train.batches(options) as Iterable<{ x: never; y: never }>) {
            const { data: elements } = batch.x as { data: Float32Array };
            current.order = [...current.order, [...elements].join()];
            yield batch;
          }
        },
      },
      loss: mse,
      metrics: [noting],
      optimizer: descent(0.01),
      engine: reference(),
      batchSize: 16,
      ...optionsOf(arm),
    };
  };
  const store = {
    read: async () => undefined,
    async write(name: string, arrays: Parameters<typeof bits>[0]) {
      const { initial } = byArm[name.replace(/ seed 3$/, "")]!;
      if (Object.keys(initial).length > 0) return;
      for (const [path, array] of Object.entries(arrays))
        (initial as Record<string, string>)[path] = bits({ "": array });
    },
  };
  const measures = { loss: finalOf("train.loss", "lower") };
  for await (const _ of study({ arms, seeds: [3], setup, measures, store }));
  return byArm;
}

const inner = dense(8);
const params = ({ initial }: Watched): string[] =>
  Object.keys(initial).filter((path) => path.startsWith("params/"));

test("layers without parameters between others do not change their initial values", async () => {
  const plain = sequential(dense(8), relu(), dense(8));
  const byArm = await watched({
    plain,
    dropout: sequential(dropout(0.1), dense(8), relu(), dropout(0.5), dense(8), dropout(0.2)),
    rate: sequential(dense(8), relu(), dropout(0), dense(8)),
    activation: sequential(dense(8), tanh(), dense(8)),
  });
  const { initial } = byArm["plain"]!;
  expect(params(byArm["plain"]!)).toHaveLength(4);
  for (const arm of Object.values(byArm)) {
    expect(params(arm)).toEqual(params(byArm["plain"]!));
    for (const path of params(arm)) expect(arm.initial[path], path).toBe(initial[path]);
  }
});

test("nor do those with parameters of another type, another optimizer, another batch size", async () => {
  const plain = sequential(dense(8), relu(), dense(8));
  const norm = sequential(dense(8), batchNorm(), relu(), dense(8));
  const byArm = await watched({ plain, norm, optimizer: plain, batchSize: plain }, (arm) =>
    arm === "optimizer"
      ? { optimizer: descent(0.5, 0) }
      : arm === "batchSize"
        ? { batchSize: 8 }
        : {},
  );
  const paths = params(byArm["plain"]!);
  for (const arm of Object.values(byArm))
    for (const path of paths) expect(arm.initial[path]).toBe(byArm["plain"]!.initial[path]);
  expect(params(byArm["norm"]!).length).toBe(paths.length + 2);
  // The examples come in the same order, however they are cut into batches.
  const orders = Object.values(byArm).map(({ order }) => order.join());
  expect(new Set(orders).size).toBe(1);
  expect(orders[0]!.split(",").sort()).toEqual([...data.source.x.data].map(String).sort());
  expect(orders[0]).not.toBe([...data.source.x.data].join());
});

test("a path that changes has other values: a further dense, a layer inside another", async () => {
  const byArm = await watched({
    two: sequential(dense(8), dense(8)),
    three: sequential(dense(8), dense(8), dense(8)),
    inside: sequential(dense(8), residual(inner)),
    weightNorm: sequential(weightNorm(dense(8)), dense(8)),
  });
  const kernel = (arm: string, path: string): string | undefined =>
    byArm[arm]!.initial[`params/${path}`];
  const [first, second] = [kernel("two", "dense1/kernel"), kernel("two", "dense2/kernel")];
  // Appended, it leaves the others; put first, it would take the name of the first.
  expect(kernel("three", "dense1/kernel")).toBe(first);
  expect(kernel("three", "dense2/kernel")).toBe(second);
  expect(kernel("inside", "dense2/kernel")).toBe(undefined);
  const moved = params(byArm["inside"]!).find((path) => path.includes("residual"))!;
  expect(byArm["inside"]!.initial[moved]).not.toBe(second);
  // The dense inside has another path, and the other is now the first of its type.
  expect(kernel("weightNorm", "dense1/kernel")).not.toBe(second);
});

test("the mask of a higher rate contains that of a lower one, in every step", async () => {
  const byArm = await watched(
    {
      none: sequential(dense(8), dropout(0)),
      some: sequential(dense(8), dropout(0.2)),
      most: sequential(dense(8), dropout(0.8)),
    },
    () => ({ optimizer: descent(0) }),
  );
  const [none, some, most] = ["none", "some", "most"].map((arm) => byArm[arm]!.predictions);
  expect(none).toHaveLength(3);
  let [kept, dropped] = [0, 0];
  for (const [step, elements] of none!.entries())
    for (const [i, value] of elements.entries()) {
      const [low, high] = [some![step]![i]!, most![step]![i]!];
      if (high !== 0) expect(low).toBeCloseTo(value / 0.8, 5);
      if (low === 0) expect(high === 0 || value === 0).toBe(true);
      if (low !== 0) kept++;
      if (high === 0) dropped++;
    }
  expect(kept).toBeGreaterThan(0.7 * 320);
  expect(dropped).toBeGreaterThan(0.7 * 320);
});
