import { dataset } from "@tenon/data";
import { experiment, type Digits } from "@tenon/experiments";
import { dense, flatten, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { wasm } from "@tenon/wasm";
import type { WebgpuEngine } from "@tenon/webgpu";
import { expect, test } from "vitest";
import type { Subject } from "../protocol.js";
import { engineChooser } from "./engineChoice.js";

const digits = {
  train: (size: number) =>
    dataset({
      x: { shape: [size, 28, 28], dtype: "int32", data: new Uint8Array(784 * size) },
      y: { shape: [size], dtype: "int32", data: new Uint8Array(size) },
    }),
} as unknown as Digits;
/** Arms of a network with one hidden layer: small, large, and large in batches of few. */
const of = experiment<{ units: number; batchSize: number }>({
  ...{ id: "widths", formula: "", hasConvolutions: false, controls: [], claims: [], pictures: [] },
  sizes: {
    quick: { train: 2000, validation: 10, epochs: 20, batchSize: 64, seeds: 1 },
    full: { train: 2000, validation: 10, epochs: 1, batchSize: 64, seeds: 1 },
  },
  arms: () => ({
    small: { units: 16, batchSize: 64 },
    large: { units: 512, batchSize: 500 },
    thin: { units: 512, batchSize: 4 },
  }),
  setup: ({ units, batchSize }, { digits, size, engine }) => ({
    model: sequential(flatten(), dense(units), dense(10)),
    train: digits.train(size.train),
    loss: crossEntropy,
    optimizer: sgd({ learningRate: 0.1 }),
    epochs: size.epochs,
    batchSize,
    engine,
  }),
  measures: {},
  records: {},
  code: () => "",
});
const subject: Subject = { tip: "widths", values: {}, size: "quick", seed: 1 };
const given = { digits, engine: await wasm({ threads: 1 }) };
const gpuOf = (more: object): WebgpuEngine =>
  ({
    adapter: { vendor: "maker", architecture: "card", description: "" },
    isSoftware: false,
    lost: () => undefined,
    ...more,
  }) as WebgpuEngine;
const arms = Object.entries(of.arms({}));
const engines = async (chooser: ReturnType<typeof engineChooser>, size = subject.size) => {
  const { engineOf, use } = await chooser.forArms(of, { ...subject, size }, given);
  return {
    use,
    engines: Object.fromEntries(arms.map(([arm, options]) => [arm, engineOf(options)])),
  };
};

test("the GPU trains arms whose steps and runs are large; the step's size is of its plan", async () => {
  const gpu = gpuOf({});
  const chooser = engineChooser(gpu, () => Promise.reject(new Error("no other")));
  const quick = await engines(chooser);
  expect(quick.engines).toEqual({ small: undefined, large: gpu, thin: undefined });
  expect(quick.use).toMatchObject({ choice: "auto", isGpu: true, why: "large" });
  expect(quick.use.adapter).toBe("maker card");
  // Forward, and the gradient of weights: 4 · 784 · 512; of the second layer 6 · 512 · 10.
  const products = (500 * (4 * 784 * 512 + 6 * 512 * 10)) / 1e6;
  expect(quick.use.mflop).toBeGreaterThan(products);
  expect(quick.use.mflop).toBeLessThan(1.02 * products);
  const short = await engines(chooser, "full");
  expect(short.engines).toEqual({ small: undefined, large: undefined, thin: undefined });
  expect(short.use).toMatchObject({ isGpu: false, why: "small" });
});

test("the reader may choose, and gets a new device each time", async () => {
  const [first, second] = [gpuOf({}), gpuOf({})];
  const chooser = engineChooser(first, () => Promise.resolve(second));
  chooser.choose("cpu");
  const none = await engines(chooser);
  expect(none.engines).toEqual({ small: undefined, large: undefined, thin: undefined });
  expect(none.use).toMatchObject({ choice: "cpu", isGpu: false, why: "processor" });
  chooser.choose("gpu");
  const all = await engines(chooser);
  expect(Object.values(all.engines).every((engine) => engine === second)).toBe(true);
  expect(all.use).toMatchObject({ choice: "gpu", isGpu: true, why: "asked" });
});

test("on a software adapter the GPU trains only where the reader says so", async () => {
  const gpu = gpuOf({ isSoftware: true });
  const chooser = engineChooser(gpu, () => Promise.resolve(gpu));
  const { use, engines: none } = await engines(chooser);
  expect(none).toEqual({ small: undefined, large: undefined, thin: undefined });
  expect(use).toMatchObject({ choice: "auto", isGpu: false, why: "software", mflop: 0 });
  chooser.choose("gpu");
  const all = await engines(chooser);
  expect(all.engines).toEqual({ small: gpu, large: gpu, thin: gpu });
  expect(all.use).toMatchObject({ choice: "gpu", isGpu: true, why: "softwareAsked" });
});

test("in place of an engine whose device was lost there is another one", async () => {
  const [lost, next] = [gpuOf({ lost: () => new Error("gone") }), gpuOf({})];
  const chooser = engineChooser(lost, () => Promise.resolve(next));
  const { engines: all } = await engines(chooser);
  expect(all.large).toBe(next);
});
