import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { fromTensorflowjs, readTensorflowjs, type TensorflowjsModel } from "./index.js";

const manifest = (
  ...weights: TensorflowjsModel["weightsManifest"][0]["weights"]
): TensorflowjsModel => ({ weightsManifest: [{ paths: ["./a.bin"], weights }] });
const bytesOf = (values: ArrayBufferView<ArrayBuffer>): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

test("what was quantized is float32 again", () => {
  const weight = { name: "d/kernel", shape: [3], dtype: "float32" };
  const read = (quantization: object, values: ArrayBufferView<ArrayBuffer>): number[] => {
    const model = manifest({ ...weight, quantization } as never);
    return Array.from(readTensorflowjs(model, { "a.bin": bytesOf(values) })["d/kernel"]!.data);
  };
  expect(read({ dtype: "uint8", scale: 0.5, min: -1 }, Uint8Array.of(0, 2, 255))).toEqual([
    -1, 0, 126.5,
  ]);
  expect(read({ dtype: "uint16", scale: 2, min: 1 }, Uint16Array.of(0, 1, 65535))).toEqual([
    1, 3, 131071,
  ]);
  // IEEE 754: 1.5, the smallest above 0, −∞.
  expect(read({ dtype: "float16" }, Uint16Array.of(0x3e00, 1, 0xfc00))).toEqual([
    1.5,
    2 ** -24,
    -Infinity,
  ]);
});

test("whole numbers and truth values are int32, one group after the other", () => {
  const model: TensorflowjsModel = {
    weightsManifest: [
      { paths: ["a"], weights: [{ name: "n", shape: [2], dtype: "int32" }] },
      { paths: ["b"], weights: [{ name: "t", shape: [], dtype: "bool" }] },
    ],
  };
  const files = { a: bytesOf(Int32Array.of(-7, 5)), b: Uint8Array.of(1) };
  expect(readTensorflowjs(model, files)).toEqual({
    n: { shape: [2], dtype: "int32", data: Int32Array.of(-7, 5) },
    t: { shape: [], dtype: "int32", data: Int32Array.of(1) },
  });
});

test("says what is missing, too short, too long, or no number", () => {
  const model = manifest({ name: "d/kernel", shape: [2], dtype: "float32" });
  expect(() => readTensorflowjs("{}" as never, {})).toThrow(
    refusal(
      'readTensorflowjs: expected a parsed model.json with a weightsManifest, got "{}"; JSON.parse it',
    ),
  );
  expect(() => readTensorflowjs(model, { "b.bin": new Uint8Array(8) })).toThrow(
    refusal('readTensorflowjs: expected the bytes of "./a.bin", got b.bin'),
  );
  expect(() => readTensorflowjs(model, { "a.bin": new Uint8Array(7) })).toThrow(
    "readTensorflowjs: expected 8 or more bytes in ./a.bin, got 7",
  );
  expect(() => readTensorflowjs(model, { "a.bin": new Uint8Array(9) })).toThrow(
    "readTensorflowjs: expected 8 bytes in ./a.bin, got 9",
  );
  const text = manifest({ name: "s", shape: [1], dtype: "string" });
  expect(() => readTensorflowjs(text, { "a.bin": new Uint8Array(1) })).toThrow(
    'readTensorflowjs: expected numbers in "s", got string',
  );
  const layer = {
    type: "none",
    plan: () => ({ output: [], params: {}, stats: {} }),
    forward: () => 0,
  };
  const arrays = readTensorflowjs(model, { "a.bin": new Uint8Array(8) });
  expect(() => fromTensorflowjs(layer, [1], arrays)).toThrow(
    refusal(
      "fromTensorflowjs: expected 0 layers with weights, , got 1: d; say by names which is which",
    ),
  );
});
