import type { ByPath, Layer, NDArray } from "@tenon/contracts";
import {
  fromKeras,
  fromPeft,
  fromTorch,
  kerasArrays,
  readSafetensors,
  readTorch,
  toPeft,
  toTorch,
  unzip,
  writeSafetensors,
  type Hdf5Group,
} from "@tenon/formats";
import {
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  lora,
  maxPool2d,
  relu,
  sequential,
} from "@tenon/layers";
import { reference, type Tensor } from "@tenon/tensor";
import { expectClose, refusal } from "@tenon/testkit";
import { predictor } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
// @ts-expect-error: it has no declarations
import { File } from "jsfive";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const file = (name: string): Uint8Array =>
  new Uint8Array(
    readFileSync(new URL(`../../../packages/formats/fixtures/${name}`, import.meta.url)),
  );
const said = JSON.parse(new TextDecoder().decode(file("cnn.json"))) as Record<
  "x" | "torch" | "keras" | "adapted",
  number[]
>;
const input = [8, 8, 1];
const x: NDArray = { shape: [4, ...input], dtype: "float32", data: Float32Array.from(said.x) };

/** The tutorial's CNN with few filters; each library has an ε of its own. */
const cnn = (
  epsilon: number,
  adapt: (layer: Layer<Tensor>) => Layer<Tensor> = (layer) => layer,
): Layer<Tensor> =>
  sequential(
    ...[conv2d(3, 3, { padding: "same" }), batchNorm({ epsilon }), relu(), maxPool2d(2)],
    ...[adapt(conv2d(4, 3, { padding: "same" })), relu(), maxPool2d(2), flatten(), dropout(0.5)],
    ...[adapt(dense(6)), relu(), dense(5)],
  );
const torch = readTorch(file("cnn.pt")).tensors;
const h5 = unzip(file("cnn.keras"))["model.weights.h5"]!;
const keras = kerasArrays(new File(h5.slice().buffer) as Hdf5Group);

describe.each(["reference", "wasm"])("on the %s engine", (name) => {
  const predictions = async (model: Layer<Tensor>, weights: object): Promise<ArrayLike<number>> => {
    const engine = name === "wasm" ? await wasm({ threads: 1 }) : reference();
    return predictor(model, { ...(weights as { params: ByPath<NDArray> }), engine }).predict(x)
      .data;
  };

  test("the CNN with PyTorch's weights predicts what it does there", async () => {
    const model = cnn(1e-5);
    expectClose(await predictions(model, fromTorch(model, input, torch)), said.torch, 1e-5);
    const exported = readSafetensors(writeSafetensors(torch)).tensors; // as safetensors.torch.save_file has it
    const names = {
      conv2d1: "conv1",
      batchNorm1: "norm",
      conv2d2: "conv2",
      dense1: "fc1",
      dense2: "fc2",
    };
    expectClose(
      await predictions(model, fromTorch(model, input, exported, { names })),
      said.torch,
      1e-5,
    );
    const checkpoint = readTorch(file("checkpoint.pt")).tensors;
    expectClose(await predictions(model, fromTorch(model, input, checkpoint)), said.torch, 1e-5);
  });

  test("the CNN with Keras' weights predicts what it does there", async () => {
    const model = cnn(1e-3);
    expectClose(await predictions(model, fromKeras(model, input, keras)), said.keras, 1e-5);
  });
});

test("the CNN adapted by PEFT predicts what it does there, and is written as it was", () => {
  const adapt = (layer: Layer<Tensor>): Layer<Tensor> => lora(layer, { rank: 2, alpha: 4 });
  const [plain, model] = [cnn(1e-5), cnn(1e-5, adapt)];
  const base = fromTorch(plain, input, torch);
  const { tensors } = readSafetensors(file("adapter_model.safetensors"));
  const options = { names: { conv2d2: "conv2", dense1: "fc1" } };
  const adapters = fromPeft(model, input, tensors, options);
  const params = { ...base.params, ...adapters };
  const { predict } = predictor(model, { params, stats: base.stats, engine: reference() });
  expectClose(predict(x).data, said.adapted, 1e-5);
  expect(toPeft(model, input, params, options)).toEqual({ ...tensors });
  const [name] = Object.keys(toPeft(model, input, params));
  expect(name).toBe("base_model.model.conv2d2.lora_A.weight");
  const alone = lora(dense(2), { rank: 1 });
  const one = (shape: number[]): NDArray => ({
    shape,
    dtype: "float32",
    data: Float32Array.of(5, 7).subarray(0, shape[0]! * shape[1]!),
  });
  const own = { kernel: one([1, 2]), loraA: one([1, 1]), loraB: one([1, 2]) };
  expect(toPeft(alone, [1], own)).toEqual({
    "base_model.model.lora_A.weight": one([1, 1]),
    "base_model.model.lora_B.weight": one([2, 1]),
  });
  const { "base_model.model.fc1.lora_B.weight": _, ...lacking } = tensors;
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => fromPeft(plain, input, tensors),
      "fromPeft: expected a model with a layer lora(…), got none",
    ],
    [
      () => fromPeft(model, input, lacking, options),
      'fromPeft: expected "base_model.model.fc1.lora_B.weight" of shape [6, 2], got base_model',
    ],
    [
      () => fromPeft(model, input, tensors),
      'fromPeft: expected "base_model.model.conv2d2.lora_A.weight" of shape [2, 3, 3, 3], got base_model',
    ],
    [() => fromPeft(model, input, tensors, { names: { dense1: "fc1" } }), 'got none of "conv2d2"'],
    [
      () => toPeft(model, input, base.params),
      'toPeft: expected "conv2d2/loraA" of shape [3, 3, 3, 2], got conv2d1/kernel',
    ],
  ];
  for (const [call, message] of cases) expect(call).toThrow(refusal(message));
});

test("weights are written under PyTorch's names as they were", () => {
  const model = cnn(1e-5);
  const names = {
    conv2d1: "conv1",
    batchNorm1: "norm",
    conv2d2: "conv2",
    dense1: "fc1",
    dense2: "fc2",
  };
  const { "norm.num_batches_tracked": _, ...expected } = torch;
  const weights = fromTorch(model, input, torch);
  expect(toTorch(model, input, weights, { names })).toEqual(expected);
  expect(
    Object.keys(
      toTorch(sequential(model), input, {
        params: prefixed(weights.params),
        stats: prefixed(weights.stats),
      }),
    )[0],
  ).toBe("sequential1.conv2d1.weight");
  expect(() => toTorch(model, input, { params: {} })).toThrow(
    refusal("toTorch: expected arrays { shape, dtype, data } by name, got {}"),
  );
  expect(() => toTorch(model, input, { params: weights.params })).toThrow(
    refusal('toTorch: expected "batchNorm1/mean" of shape [3], got conv2d1/kernel'),
  );
  const adapted = lora(dense(2), { rank: 1 });
  expect(() =>
    fromTorch(adapted, [3], {
      weight: { shape: [2, 3], dtype: "float32", data: new Float32Array(6) },
    }),
  ).toThrow(
    refusal(
      'fromTorch: expected arrays that PyTorch has, too: kernel, gamma, table, alpha, bias, beta, mean, variance, count, got "loraA"',
    ),
  );
});

const prefixed = (arrays: ByPath<NDArray>): ByPath<NDArray> =>
  Object.fromEntries(Object.entries(arrays).map(([path, array]) => [`sequential1/${path}`, array]));

test("a part of a state dict is taken by names", () => {
  const body = sequential(conv2d(3, 3, { padding: "same" }));
  const { params } = fromTorch(body, input, torch, { names: { conv2d1: "conv1" } });
  expect(Object.keys(params)).toEqual(["conv2d1/kernel", "conv2d1/bias"]);
  // [out, in, rows, columns] there, [rows, columns, in, out] here.
  expect(params["conv2d1/kernel"]!.data[3]).toBe(torch["conv1.weight"]!.data[1]);
});

test("a layer may be alone, and a layer's names nested", () => {
  const weight = {
    shape: [2, 3],
    dtype: "float32" as const,
    data: Float32Array.of(1, 2, 3, 4, 5, 6),
  };
  const bias = { shape: [2], dtype: "float32" as const, data: Float32Array.of(7, 8) };
  expect([...fromTorch(dense(2), [3], { weight, bias }).params["kernel"]!.data]).toEqual([
    1, 4, 2, 5, 3, 6,
  ]);
  const nested = sequential(sequential(dense(2)));
  const { params } = fromTorch(nested, [3], { "a.b.weight": weight, "a.b.bias": bias });
  expect(Object.keys(params)).toEqual(["sequential1/dense1/kernel", "sequential1/dense1/bias"]);
});

test("what does not fit is refused, by name", () => {
  const model = cnn(1e-5);
  const { "fc2.bias": bias, ...lacking } = torch;
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => fromTorch(model, input, lacking),
      'fromTorch: expected a tensor "fc2.bias" for "dense2/bias", got conv1.weight',
    ],
    [() => fromTorch(dense(5), [6], torch), "fromTorch: expected 1 layers with tensors, "],
    [
      () => fromTorch(cnn(1), [16, 16, 1], torch),
      'fromTorch: expected "fc1.weight" of shape [6, 64] for "dense1/kernel" [64, 6], got [6, 16]',
    ],
    [
      () => fromTorch(model, input, torch, { names: { conv2d1: "conv1" } }),
      'got none of "batchNorm1"',
    ],
    [
      () => fromTorch(dense(5), [6], { ...torch, bias: bias! }, { names: { "": "fc2", a: "b" } }),
      'fromTorch: expected names of the layers , got one of "a"',
    ],
    [
      () => fromKeras(model, input, {}),
      "fromKeras: expected arrays { shape, dtype, data } by name, got {}",
    ],
    [
      () => fromKeras(sequential(dense(3)), [2], keras),
      'fromKeras: expected "layers/dense/vars/0" of shape [2, 3] for "dense1/kernel", got [16, 6]',
    ],
    [
      () => fromKeras(sequential(dense(6), dense(5), dense(2)), [16], keras),
      'fromKeras: expected an array "layers/dense_2/vars/0" for "dense3/kernel", got layers/',
    ],
    [
      () => fromKeras(sequential(dense(5)), [6], keras, { names: { dense1: "layers/none" } }),
      'expected an array "layers/none/vars/0"',
    ],
  ];
  for (const [call, message] of cases) expect(call).toThrow(refusal(message));
  expect(() => kerasArrays({ keys: ["a"], get: () => 3 })).toThrow(
    'kerasArrays: expected a dataset { shape, value } at "a", got 3',
  );
  expect(() => kerasArrays({ keys: () => ["a"], get: () => ({ shape: [2], value: [1] }) })).toThrow(
    'kerasArrays: expected 2 values for shape [2] at "a", got 1',
  );
});
