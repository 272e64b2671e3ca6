import { signed, unsigned } from "./bytes.js";
import type { Code, I32, V128, Value, ValueType, Word } from "./value.js";

/** How types are encoded in a module. */
export const typeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  address: 0x7f,
};

/**
 * What stands in code for the number of function 0, which is known last; for function 1 one more.
 */
export const firstCallee = 256;

/** Instructions one after the other. A plain loop, since emitting a module spends its time here. */
export const value = <T extends ValueType>(
  type: T,
  ...parts: readonly (number | Code)[]
): Value<T> => {
  const code: (number | readonly number[])[] = [];
  for (const part of parts) {
    if (typeof part === "number") code.push(part);
    else for (let i = 0; i < part.length; i++) code.push(part[i]!);
  }
  return { type, code };
};

/** An operand as an expression. */
export function word(x: Word): I32 {
  if (typeof x !== "number") return x as I32;
  return { ...value("i32", 0x41, signed(x)), constant: x | 0 };
}

/** The opcode of a SIMD instruction. */
export const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

export type Unary = (a: V128) => V128;
export type Binary = (a: V128, b: V128) => V128;
export type Shift = (a: V128, by: Word) => V128;

// Bundlers heed these marks within a module only: where another module calls them, its table as a
// whole is marked as pure, so that it is left out where it is not used.

export const unary = /* @__NO_SIDE_EFFECTS__ */ (opcode: number): Unary =>
  (a) =>
    value("v128", a.code, simd(opcode));
export const binary = /* @__NO_SIDE_EFFECTS__ */ (opcode: number): Binary =>
  (a, b) =>
    value("v128", a.code, b.code, simd(opcode));
export const shift = /* @__NO_SIDE_EFFECTS__ */ (opcode: number): Shift =>
  (a, by) =>
    value("v128", a.code, word(by).code, simd(opcode));

/** A constant vector: the given bytes, repeated to sixteen. */
export const constant = (bytes: readonly number[]): V128 => ({
  type: "v128",
  code: [Array.from({ length: 16 }, (_, i) => bytes[i % bytes.length]!)],
});
