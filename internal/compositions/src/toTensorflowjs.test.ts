import { batchNorm, dense, embedding, gru, sequential } from "@tenon/layers";
import { initialize } from "@tenon/tensor";
import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { readTensorflowjs, toTensorflowjs, writeTensorflowjs } from "@tenon/formats";

const arrays = {
  "a/kernel": { shape: [1, 2], dtype: "float32", data: Float32Array.of(1.5, -2) },
  "a/steps": { shape: [], dtype: "int32", data: Int32Array.of(-7) },
} as const;

test("the file has the values one after the other, little-endian", () => {
  const { model, files } = writeTensorflowjs(arrays, { file: "w.bin" });
  expect(model).toEqual({
    weightsManifest: [
      {
        paths: ["w.bin"],
        weights: [
          { name: "a/kernel", shape: [1, 2], dtype: "float32" },
          { name: "a/steps", shape: [], dtype: "int32" },
        ],
      },
    ],
  });
  // 1.5 = 0x3fc00000, −2 = 0xc0000000, −7 = 0xfffffff9
  expect([...files["w.bin"]!]).toEqual([0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0, 0xf9, 255, 255, 255]);
  expect({ ...readTensorflowjs(model, files) }).toEqual(arrays);
});

test("without names layers have those of a page's first model", () => {
  const model = sequential(embedding(5, 2), dense(3), batchNorm(), dense(2));
  const named = toTensorflowjs(model, [4], initialize(model.plan([4]), 1) as never);
  expect(Object.keys(named)).toEqual([
    "embedding_Embedding1/embeddings",
    "dense_Dense1/kernel",
    "dense_Dense1/bias",
    "batch_normalization_BatchNormalization1/gamma",
    "batch_normalization_BatchNormalization1/beta",
    "batch_normalization_BatchNormalization1/moving_mean",
    "batch_normalization_BatchNormalization1/moving_variance",
    "dense_Dense2/kernel",
    "dense_Dense2/bias",
  ]);
});

test("what TensorFlow.js has not, or does not fit, is refused", () => {
  const cell = sequential(gru(2));
  const values = initialize(cell.plan([3, 1]), 1) as never;
  expect(() => toTensorflowjs(cell, [3, 1], values)).toThrow(
    refusal(/^toTensorflowjs: expected layers of the types .*, got "gru1" of type gru$/),
  );
  const head = sequential(dense(2));
  const kernel = { shape: [1, 2], dtype: "float32", data: new Float32Array(2) } as const;
  expect(() => toTensorflowjs(head, [3], { params: { "dense1/kernel": kernel } })).toThrow(
    refusal('toTensorflowjs: expected "dense1/kernel" of shape [3, 2], got [1, 2]'),
  );
  expect(() =>
    writeTensorflowjs({ w: { shape: [3], dtype: "float32", data: new Float32Array(2) } }),
  ).toThrow(refusal('writeTensorflowjs: expected 3 values of "w", for shape [3], got 2'));
  const half = { shape: [1], dtype: "float16", data: new Float32Array(1) } as never;
  expect(() => writeTensorflowjs({ w: half })).toThrow(
    refusal('writeTensorflowjs: expected dtype of "w" to be "float32" or "int32", got "float16"'),
  );
});

test("two layers of one name are refused: the second would replace the first", () => {
  const model = sequential(dense(2), dense(2));
  const values = initialize(model.plan([2]), 1) as never;
  expect(() =>
    toTensorflowjs(model, [2], values, { names: { dense1: "head", dense2: "head" } }),
  ).toThrow(refusal('toTensorflowjs: expected another name for each layer, got "head/kernel"'));
});
