import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { NDArray } from "@tenon/contracts";
import {
  fromTensorflowjs,
  readTensorflowjs,
  toTensorflowjs,
  writeTensorflowjs,
  type TensorflowjsModel,
} from "@tenon/formats";
import {
  batchNorm,
  conv2d,
  dense,
  depthwiseConv2d,
  layerNorm,
  lstm,
  maxPool2d,
  relu,
  reshape,
  rnn,
  sequential,
} from "@tenon/layers";
import { initialize, reference } from "@tenon/tensor";
import { expectClose, refusal } from "@tenon/testkit";
import { predictor } from "@tenon/trainer";
import { expect, test } from "vitest";

// What is used of TensorFlow.js.
interface TfTensor {
  readonly shape: number[];
  dataSync(): Float32Array;
}
interface Artifacts {
  readonly weightSpecs: TensorflowjsModel["weightsManifest"][0]["weights"];
  readonly weightData: ArrayBuffer;
}
interface Model {
  readonly weights: { readonly name: string; readonly shape: number[] }[];
  setWeights(values: TfTensor[]): void;
  loadWeights(weights: unknown): void;
  predict(x: TfTensor): TfTensor;
  save(handler: object): Promise<unknown>;
  toJSON(unused: unknown, asText: boolean): object;
}
interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tensor(values: ArrayLike<number>, shape: readonly number[]): TfTensor;
  sequential(options: { layers: object[] }): Model;
  loadLayersModel(handler: object): Promise<Model>;
  readonly layers: Readonly<Record<string, (options: object) => object>>;
  readonly io: {
    withSaveHandler(save: (artifacts: Artifacts) => Promise<object>): object;
    fromMemory(artifacts: object): object;
    decodeWeights(data: ArrayBuffer, specs: unknown): unknown;
  };
}

const path = fileURLToPath(new URL("../../../.cache/tools/node_modules/tfjs", import.meta.url));
const input = [6, 5, 2];
const wave = (size: number, phase: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase) * 0.5 + 0.6);
const x: NDArray = { shape: [2, ...input], dtype: "float32", data: wave(120, 3) };

test("a model that TensorFlow.js saved predicts the same", async (context) => {
  if (!existsSync(path))
    return context.skip("no TensorFlow.js in .cache/tools; .ci/run fetches it");
  const tf = createRequire(import.meta.url)(path) as TensorFlow;
  await tf.setBackend("cpu");
  const model = tf.sequential({
    layers: [
      tf.layers["conv2d"]!({ filters: 3, kernelSize: 3, inputShape: input }),
      tf.layers["batchNormalization"]!({}),
      tf.layers["reLU"]!({}),
      tf.layers["maxPooling2d"]!({ poolSize: 2 }),
      tf.layers["reshape"]!({ targetShape: [2, 3] }),
      tf.layers["lstm"]!({ units: 4, recurrentActivation: "sigmoid" }),
      tf.layers["dense"]!({ units: 2 }),
    ],
  });
  model.setWeights(
    model.weights.map(({ shape }, i) =>
      tf.tensor(
        wave(
          shape.reduce((a, b) => a * b),
          i,
        ),
        shape,
      ),
    ),
  );
  let saved: Artifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: {} });
    }),
  );
  // The files that its browser and file handlers write: a manifest, and the weights in parts.
  const bytes = new Uint8Array(saved!.weightData);
  const cut = 100;
  const files = {
    "group1-shard1of2.bin": bytes.slice(0, cut),
    "group1-shard2of2.bin": bytes.slice(cut),
  };
  const json: TensorflowjsModel = JSON.parse(
    JSON.stringify({
      weightsManifest: [{ paths: Object.keys(files), weights: saved!.weightSpecs }],
    }),
  );
  const arrays = readTensorflowjs(json, files);
  expect(Object.keys(arrays)).toEqual(model.weights.map(({ name }) => name));
  const network = sequential(
    conv2d(3, 3, { padding: "valid" }),
    batchNorm(),
    relu(),
    maxPool2d(2),
    reshape([2, 3]),
    lstm(4),
    dense(2),
  );
  const weights = fromTensorflowjs(network, input, arrays);
  const theirs = model.predict(tf.tensor(x.data as Float32Array, x.shape)).dataSync();
  const { predict } = predictor(network, { ...weights, engine: reference() });
  expectClose(predict(x).data, [...theirs], 1e-5);
  const layerOf = (i: number): string => Object.keys(arrays)[i]!.split("/").slice(0, -1).join("/");
  const names = { conv2d1: layerOf(0), dense1: layerOf(Object.keys(arrays).length - 2) };
  expect(() => fromTensorflowjs(network, input, arrays, { names })).toThrow(
    refusal('none of "batchNorm1"'),
  );
});

test("what is written is what TensorFlow.js loads, and it predicts the same", async (context) => {
  if (!existsSync(path))
    return context.skip("no TensorFlow.js in .cache/tools; .ci/run fetches it");
  const tf = createRequire(import.meta.url)(path) as TensorFlow;
  await tf.setBackend("cpu");
  const named = (name: string, options: object = {}): object => ({ name, ...options });
  const model = tf.sequential({
    layers: [
      tf.layers["conv2d"]!(named("a", { filters: 3, kernelSize: 3, inputShape: input })),
      tf.layers["batchNormalization"]!(named("b")),
      tf.layers["reLU"]!({}),
      tf.layers["depthwiseConv2d"]!(named("c", { kernelSize: 2 })),
      tf.layers["reshape"]!({ targetShape: [6, 3] }),
      tf.layers["layerNormalization"]!(named("d", { epsilon: 1e-3 })),
      tf.layers["lstm"]!(
        named("e", { units: 4, recurrentActivation: "sigmoid", returnSequences: true }),
      ),
      tf.layers["simpleRNN"]!(named("f", { units: 3 })),
      tf.layers["dense"]!(named("g", { units: 2 })),
    ],
  });
  const network = sequential(
    conv2d(3, 3, { padding: "valid" }),
    batchNorm(),
    relu(),
    depthwiseConv2d(2, { padding: "valid" }),
    reshape([6, 3]),
    layerNorm({ epsilon: 1e-3 }),
    lstm(4, { returnSequences: true }),
    rnn(3),
    dense(2),
  );
  const { params: drawn, stats: zeros } = initialize(network.plan(input), 1);
  const moved = (arrays: Readonly<Record<string, NDArray>>): Readonly<Record<string, NDArray>> =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, array], i) => [
        name,
        { ...array, data: wave(array.data.length, i) },
      ]),
    );
  const weights = { params: moved(drawn), stats: moved(zeros) };
  const paths = "conv2d1 batchNorm1 depthwiseConv2d1 layerNorm1 lstm1 rnn1 dense1".split(" ");
  const names = Object.fromEntries(paths.map((layer, i) => [layer, "abcdefg"[i]!]));
  const written = writeTensorflowjs(toTensorflowjs(network, input, weights, { names }));
  const [{ weights: specs, paths: files }] = written.model.weightsManifest as [
    TensorflowjsModel["weightsManifest"][0],
  ];
  const weightData = written.files[files[0]!]!.buffer;
  const { predict } = predictor(network, { ...weights, engine: reference() });
  const ours = predict(x).data;
  // Into a model that there is, and as a whole model.
  model.loadWeights(tf.io.decodeWeights(weightData, specs));
  const topology = { modelTopology: model.toJSON(null, false) };
  const loaded = await tf.loadLayersModel(
    tf.io.fromMemory({ ...topology, weightSpecs: specs, weightData }),
  );
  for (const theirs of [model, loaded])
    expectClose(
      [...theirs.predict(tf.tensor(x.data as Float32Array, x.shape)).dataSync()],
      [...ours],
      1e-5,
    );
  // Each name is one that it has.
  expect(specs.map(({ name }) => name).sort()).toEqual(
    model.weights.map(({ name }) => name).sort(),
  );
  expect(fromTensorflowjs(network, input, readTensorflowjs(written.model, written.files))).toEqual(
    weights,
  );
});
