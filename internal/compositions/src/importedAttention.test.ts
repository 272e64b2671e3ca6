import type { ByPath, NDArray } from "@tenon/contracts";
import {
  fromKeras,
  fromTorch,
  kerasArrays,
  readTorch,
  toTorch,
  unzip,
  type Hdf5Group,
} from "@tenon/formats";
import {
  dense,
  layerNorm,
  multiHeadAttention,
  relu,
  residual,
  sequential,
  transformerBlock,
} from "@tenon/layers";
import { pass, reference, tensor } from "@tenon/tensor";
import { expectClose, refusal } from "@tenon/testkit";
import { predictor } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
// @ts-expect-error: it has no declarations
import { File } from "jsfive";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const file = (name: string): Uint8Array =>
  new Uint8Array(
    readFileSync(new URL(`../../../packages/formats/fixtures/${name}`, import.meta.url)),
  );
const said = JSON.parse(new TextDecoder().decode(file("attention.json"))) as Record<
  "x" | "key" | "value" | "encoded" | "crossed" | "keras",
  number[]
>;
const input = [3, 4];
const x: NDArray = { shape: [2, ...input], dtype: "float32", data: Float32Array.from(said.x) };
const torch = readTorch(file("attention.pt")).tensors;
/** Those of a module, under what follows its name. */
const under = (prefix: string): ByPath<NDArray> =>
  Object.fromEntries(
    Object.entries(torch).flatMap(([name, array]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), array]] : [],
    ),
  );
/** PyTorch's defaults, then a block that normalizes first. */
const encoder = sequential(
  transformerBlock(4, 2, { hidden: 6, normFirst: false, activation: relu() }),
  transformerBlock(4, 2, { hidden: 6 }),
);
const names = { transformerBlock1: "layers.0", transformerBlock2: "layers.1" };

test.each(["reference", "wasm"])("PyTorch's encoder predicts the same on %s", async (name) => {
  const engine = name === "wasm" ? await wasm({ threads: 1 }) : reference();
  for (const weights of [
    fromTorch(encoder, input, torch, { names }),
    fromTorch(encoder, input, under("layers.")), // in order
  ])
    expectClose(predictor(encoder, { ...weights, engine }).predict(x).data, said.encoded, 1e-5);
});

test("an encoder is written as PyTorch has it, under any name", () => {
  const weights = fromTorch(encoder, input, torch, { names });
  const layers = Object.fromEntries(
    Object.entries(torch).filter(([name]) => name.startsWith("layers.")),
  );
  expect(toTorch(encoder, input, weights, { names })).toEqual(layers);
  const own = toTorch(encoder, input, weights);
  expect(Object.keys(own)).toContain("transformerBlock2.self_attn.in_proj_weight");
  expect(fromTorch(encoder, input, own)).toEqual(weights);
  const { params } = fromTorch(transformerBlock(4, 2, { hidden: 6 }), input, under("layers.1."));
  const alone = toTorch(transformerBlock(4, 2, { hidden: 6 }), input, { params });
  expect(alone).toEqual(under("layers.1."));
});

test.each([
  [
    "in_proj_weight",
    [7, 4],
    "fromTorch: expected rows of in_proj_weight in three parts, got [7, 4]",
  ],
  [
    "bias_k",
    [1, 1, 4],
    "fromTorch: expected attentions without a bias of their keys and values, got bias_k; make the " +
      "model with add_bias_kv=False",
  ],
])("what attentions here do not have is refused by its name: %s", (name, shape, message) => {
  const size = shape.reduce((a, b) => a * b);
  const other = {
    ...under("cross."),
    [name]: { shape, dtype: "float32", data: new Float32Array(size) },
  };
  const load = () => fromTorch(multiHeadAttention(2), input, other as ByPath<NDArray>);
  expect(load).toThrow(message);
});

test("attention to inputs of other sizes has kernels of its own", () => {
  const attention = multiHeadAttention(2);
  const shapes = [input, [5, 3], [5, 5]];
  const model = { ...attention, plan: () => attention.planAll(shapes) };
  const { params, stats } = fromTorch(model, input, under("cross."));
  const given = [said.x, said.key, said.value].map((data, i) => tensor(data, [2, ...shapes[i]!]));
  const values = Object.fromEntries(
    Object.entries(params).map(([path, { data, shape }]) => [path, tensor([...data], shape)]),
  );
  const y = attention.forwardAll(given, pass({ params: values, stats: {} }));
  expectClose(y.value().data, said.crossed, 1e-5);
  expect(toTorch(model, input, { params, stats })).toEqual(under("cross."));
  const parts = Object.fromEntries(
    ["query", "key", "value", "output"].map((part) => [part, `cross.${part}`]),
  );
  expect(fromTorch(model, input, torch, { names: parts }).params).toEqual(params);
  expect(fromTorch(model, input, torch, { names: { "": "cross" } }).params).toEqual(params);
});

test("Keras' attention predicts the same", () => {
  const h5 = unzip(file("attention.keras"))["model.weights.h5"]!;
  const arrays = kerasArrays(new File(h5.slice().buffer) as Hdf5Group);
  const model = sequential(
    residual([multiHeadAttention(2, { keyDim: 3, valueDim: 2 })]),
    layerNorm({ epsilon: 1e-3 }),
    multiHeadAttention(1, { keyDim: 2, useBias: false }),
    dense(2),
  );
  const engine = reference();
  const weights = fromKeras(model, input, arrays);
  expectClose(predictor(model, { ...weights, engine }).predict(x).data, said.keras, 1e-5);
  const [first] = Object.keys(weights.params)[0]!.split(/\/query/);
  const named = {
    [first!]: "layers/multi_head_attention",
    layerNorm1: "layers/layer_normalization",
    multiHeadAttention1: "layers/multi_head_attention_1",
    dense1: "layers/dense",
  };
  expect(fromKeras(model, input, arrays, { names: named })).toEqual(weights);
  expect(() => fromKeras(sequential(multiHeadAttention(2)), input, arrays)).toThrow(
    refusal(
      'fromKeras: expected "layers/multi_head_attention/query_dense/vars/0" of shape [4, 2, 2] for ' +
        '"multiHeadAttention1/query/kernel", got [4, 2, 3]',
    ),
  );
});

test("Keras' grouped queries predict the same; another number of heads is named", () => {
  const said = JSON.parse(new TextDecoder().decode(file("grouped_attention.json"))) as {
    readonly [name in "x" | "y"]: number[];
  } & { readonly arrays: Record<string, { readonly shape: number[]; readonly data: number[] }> };
  const { x: given, y } = said;
  const arrays: ByPath<NDArray> = Object.fromEntries(
    Object.entries(said.arrays).map(([name, { shape, data }]) => [
      name,
      { shape, dtype: "float32", data: Float32Array.from(data) },
    ]),
  );
  const model = sequential(multiHeadAttention(4, { keyDim: 2, keyValueHeads: 2 }));
  const weights = fromKeras(model, input, arrays);
  const batch: NDArray = { ...x, data: Float32Array.from(given) };
  const { predict } = predictor(model, { ...weights, engine: reference() });
  expectClose(predict(batch).data, y, 1e-5);
  const names = { multiHeadAttention1: "layers/grouped_query_attention" };
  expect(fromKeras(model, input, arrays, { names })).toEqual(weights);
  for (const heads of [2, 8])
    expect(() =>
      fromKeras(
        sequential(multiHeadAttention(heads, { keyDim: 8 / heads, keyValueHeads: heads / 2 })),
        input,
        arrays,
        { names },
      ),
    ).toThrow(
      refusal(
        'fromKeras: expected "layers/grouped_query_attention/_query_dense/vars/0" of shape ' +
          `[4, ${heads}, ${8 / heads}] for "multiHeadAttention1/query/kernel", got [4, 4, 2]; the ` +
          `model's attention has ${heads} heads there; give it as many as the file's has`,
      ),
    );
});

test("names that fit no layer are refused", () => {
  expect(() =>
    fromTorch(encoder, input, torch, { names: { ...names, block3: "layers.2" } }),
  ).toThrow(refusal('one of "block3"'));
  expect(() =>
    fromTorch(encoder, input, torch, { names: { transformerBlock1: "layers.0" } }),
  ).toThrow(refusal('none of "transformerBlock2/'));
});
