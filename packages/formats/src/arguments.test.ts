import { everyExport, refusal, wrongOptions } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as exported from "./index.js";
import { writeNpy } from "./index.js";

type Of = (...args: readonly unknown[]) => unknown;
const {
  digestOf: _digestOf,
  readSafetensors,
  writeSafetensors,
  ...more
} = exported as unknown as Readonly<Record<string, Of>>;
const model: Of = () => ({
  type: "m",
  plan: () => ({ output: [1], params: {}, stats: {} }),
  forward() {},
});
const matrix = { shape: [1, 1], dtype: "float32", data: Float32Array.of(1) };
const adapted: Of = () => ({
  type: "lora",
  plan: () => ({ output: [1], params: { loraA: matrix, loraB: matrix }, stats: {} }),
  forward() {},
});
const adapter = Object.fromEntries(
  ["A", "B"].map((part) => [`base_model.model.lora_${part}.weight`, matrix]),
);
const array = { shape: [1], dtype: "float32", data: Float32Array.of(1) };
// Every other function with something that fits, and how it describes its first argument.
const right: Readonly<Record<string, readonly [args: readonly unknown[], what: string]>> = {
  fromKeras: [[model(), [1], { array }], "a layer"],
  fromPeft: [[adapted(), [1], adapter], "a layer"],
  fromTensorflowjs: [[model(), [1], { array }], "a layer"],
  fromTorch: [[model(), [1], { array }], "a layer"],
  fromVector: [[[1], { array }], "the vector as a list"],
  kerasArrays: [[{ keys: [], get() {} }], "an HDF5 file"],
  readNpy: [[writeNpy({ ...array, dtype: "float32" })], "bytes as a Uint8Array"],
  readNpz: [[new Uint8Array(0)], "bytes as a Uint8Array"],
  readTensorflowjs: [[{ weightsManifest: [] }, {}], "a parsed model.json"],
  readTorch: [[new Uint8Array(0)], "bytes as a Uint8Array"],
  toPeft: [[adapted(), [1], { loraA: matrix, loraB: matrix }], "a layer"],
  toTensorflowjs: [[model(), [1], { params: { array } }], "a layer"],
  toTorch: [[model(), [1], { params: { array } }], "a layer"],
  toVector: [[{ array }], "arrays { shape, dtype, data } by name"],
  unzip: [[new Uint8Array(0)], "bytes as a Uint8Array"],
  writeNpy: [[array], "an array { shape, dtype, data } with a typed array"],
  writeNpz: [[{ array }], "arrays "],
  writeTensorboard: [[[{ step: 1, values: { loss: 1 } }]], "steps as a list"],
  writeTensorflowjs: [[{ array }], "arrays { shape, dtype, data } by name"],
};
const wrong: readonly unknown[] = [
  undefined,
  null,
  3,
  "x",
  true,
  [],
  [1],
  () => 1,
  1n,
  Symbol("x"),
  Float32Array.of(1),
  new ArrayBuffer(8),
  Promise.resolve(1),
];

/** An array buffer or a promise. */
function isObject(value: unknown): boolean {
  return /^\[object (ArrayBuffer|Promise)\]$/.test(Object.prototype.toString.call(value));
}

everyExport(exported, Object.keys(right), {
  besides: ["digestOf", "readSafetensors", "writeSafetensors"],
  add: "add arguments that fit to `right` in packages/formats/src/arguments.test.ts",
});

test.each(Object.entries(right))("%s says in an error about an option which one", (name, [args]) =>
  wrongOptions(name, (options) => more[name]!(...args, options)),
);

test("arguments that make no sense are refused by name", () => {
  for (const [name, [args, what]] of Object.entries(right))
    for (const value of wrong) {
      if (what === "the vector as a list" && typeof value === "object") continue; // a list
      if (what === "arrays " && isObject(value)) continue;
      expect(() => more[name]!(value, ...args.slice(1)), `${name}, ${String(value)}`).toThrow(
        refusal(`${name}: expected ${what}`),
      );
    }
  for (const value of [...wrong, {}, { length: 9 }])
    expect(() => readSafetensors!(value), String(value)).toThrow(
      refusal(/^readSafetensors: expected bytes as a Uint8Array, got /),
    );
  expect(() => readSafetensors!(new ArrayBuffer(8))).toThrow(
    refusal("got ArrayBuffer; write new Uint8Array(…)"),
  );
  expect(() => readSafetensors!(Promise.resolve(1))).toThrow(
    refusal("got Promise; write await before it"),
  );
  expect(() => readSafetensors!(writeSafetensors!({ array }), {})).toThrow(
    refusal("readSafetensors: expected no options, got {}"),
  );
  for (const value of wrong) {
    if (!isObject(value))
      expect(() => writeSafetensors!(value), String(value)).toThrow(
        refusal(/^writeSafetensors: expected arrays by name, such as \{ w \}, got /),
      );
    expect(() => writeSafetensors!({ a: value }), String(value)).toThrow(
      refusal(/^writeSafetensors: tensor "a": expected an array \{ shape, dtype, data \}, got /),
    );
    if (value !== undefined && !isObject(value))
      expect(() => writeSafetensors!({ array }, value), String(value)).toThrow(
        refusal(/^writeSafetensors: expected metadata as text by name, got /),
      );
  }
  expect(() => writeSafetensors!({ a: { ...array, data: [1] } })).toThrow(
    refusal(/^writeSafetensors: tensor "a": expected .*, got float32 \[1\]/),
  );
});
