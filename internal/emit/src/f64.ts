// Float64 scalars: sums of many float32.
import { unsigned } from "./bytes.js";
import { word, value } from "./instructions.js";
import type { F32, F64, Word } from "./value.js";

export const add = (a: F64, b: F64): F64 => value("f64", a.code, b.code, 0xa0);
export const load = (address: Word, offset = 0): F64 =>
  value("f64", word(address).code, 0x2b, 3, unsigned(offset));
export const promote = (a: F32): F64 => value("f64", a.code, 0xbb);
export const demote = (a: F64): F32 => value("f32", a.code, 0xb6);
