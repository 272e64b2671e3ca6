import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as exported from "./index.js";

type Of = (...args: readonly unknown[]) => unknown;
const { readSafetensors, writeSafetensors, ...more } = exported as unknown as Readonly<
  Record<string, Of>
>;
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

test("arguments that make no sense are refused by name", () => {
  expect(more).toEqual({}); // a new function needs lines here
  for (const value of [...wrong, {}, { length: 9 }])
    expect(() => readSafetensors!(value), String(value)).toThrow(
      refusal(/^readSafetensors: expected bytes as a Uint8Array, got /),
    );
  expect(() => readSafetensors!(new ArrayBuffer(8))).toThrow(
    refusal("got an object of kind ArrayBuffer; write new Uint8Array(…)"),
  );
  expect(() => readSafetensors!(Promise.resolve(1))).toThrow(
    refusal("got an object of kind Promise; write await before it"),
  );
  const array = { shape: [1], dtype: "float32", data: Float32Array.of(1) };
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
