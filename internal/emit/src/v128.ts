// Vectors of 128 bits, whatever their lanes.
import { unsigned } from "./bytes.js";
import { binary, simd, value, word, type Binary } from "./instructions.js";
import type { I32, V128, Word } from "./value.js";

export const load = (address: Word, offset = 0): V128 =>
  value("v128", word(address).code, simd(0), 4, unsigned(offset));
/** The same 32 bits in all four lanes. */
export const loadSplat = (address: Word, offset = 0): V128 =>
  value("v128", word(address).code, simd(9), 2, unsigned(offset));
/** 32 bits in the first lane, zeros in the others. */
export const loadZero = (address: Word, offset = 0): V128 =>
  value("v128", word(address).code, simd(92), 2, unsigned(offset));
/** The lanes of `rest`, except one that is loaded from memory. */
export const loadLane = (address: Word, lane: number, rest: V128, offset = 0): V128 =>
  value("v128", word(address).code, rest.code, simd(86), 2, unsigned(offset), lane);
export const and: Binary = /* @__PURE__ */ binary(78);
export const andnot: Binary = /* @__PURE__ */ binary(79);
export const or: Binary = /* @__PURE__ */ binary(80);
export const xor: Binary = /* @__PURE__ */ binary(81);
/** Bits of `a` where the mask has ones, else of `b`. */
export const select = (mask: V128, a: V128, b: V128): V128 =>
  value("v128", a.code, b.code, mask.code, simd(82));
/** Whether any bit is set. */
export const any = (a: V128): I32 => value("i32", a.code, simd(83));
/** Bytes of `a` at the positions in `bytes`; 0 where a position is 16 or more. */
export const swizzle = (a: V128, bytes: V128): V128 => value("v128", a.code, bytes.code, simd(14));
/** 32-bit lanes of two vectors by position: 0–3 of `a`, 4–7 of `b`. */
export const shuffle32 = (a: V128, b: V128, lanes: readonly number[]): V128 =>
  value(
    "v128",
    a.code,
    b.code,
    simd(13),
    lanes.flatMap((l) => [4 * l, 4 * l + 1, 4 * l + 2, 4 * l + 3]),
  );
