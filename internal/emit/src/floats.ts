import { unsigned } from "./bytes.js";
import { word, value } from "./instructions.js";
import type { F32, F64, I32, Word } from "./value.js";

const arithmetic = /* @__NO_SIDE_EFFECTS__ */ (opcode: number) =>
  (a: F32, b: F32): F32 =>
    value("f32", a.code, b.code, opcode);
const compare = /* @__NO_SIDE_EFFECTS__ */ (opcode: number) =>
  (a: F32, b: F32): I32 =>
    value("i32", a.code, b.code, opcode);

export const f32: Readonly<Record<"add", (a: F32, b: F32) => F32>> &
  Readonly<Record<"eq" | "le" | "ge", (a: F32, b: F32) => I32>> & {
    readonly load: (address: Word, offset?: number) => F32;
  } = {
  add: arithmetic(0x92),
  eq: compare(0x5b),
  le: compare(0x5f),
  ge: compare(0x60),
  load: (address: Word, offset = 0): F32 =>
    value("f32", word(address).code, 0x2a, 2, unsigned(offset)),
};

/** Float64 scalars: sums of many float32. */
export const f64: {
  readonly add: (a: F64, b: F64) => F64;
  readonly load: (address: Word, offset?: number) => F64;
  readonly promote: (a: F32) => F64;
  readonly demote: (a: F64) => F32;
} = {
  add: (a: F64, b: F64): F64 => value("f64", a.code, b.code, 0xa0),
  load: (address: Word, offset = 0): F64 =>
    value("f64", word(address).code, 0x2b, 3, unsigned(offset)),
  promote: (a: F32): F64 => value("f64", a.code, 0xbb),
  demote: (a: F64): F32 => value("f32", a.code, 0xb6),
};
