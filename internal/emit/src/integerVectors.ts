import {
  binary,
  constant,
  word,
  shift,
  simd,
  unary,
  value,
  type Binary,
  type Shift,
  type Unary,
} from "./instructions.js";
import type { I32, V128, Word } from "./value.js";

/** Four int32. */
export const i32x4: Readonly<Record<"abs" | "neg" | "trunc", Unary>> &
  Readonly<
    Record<
      | "add"
      | "sub"
      | "mul"
      | "minS"
      | "maxS"
      | "maxU"
      | "eq"
      | "ne"
      | "ltS"
      | "gtS"
      | "leS"
      | "geS",
      Binary
    >
  > &
  Readonly<Record<"shl" | "shrS" | "shrU", Shift>> & {
    readonly const: (n: number) => V128;
    readonly lanes: (a: number, b: number, c: number, d: number) => V128;
    readonly splat: (a: Word) => V128;
    readonly lane: (a: V128, lane: number) => I32;
    /** The sign bits of the lanes; that of lane 0 is the lowest. */
    readonly bitmask: (a: V128) => I32;
  } = /* @__PURE__ */ (() => ({
  const: (n: number): V128 =>
    constant([n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255]),
  lanes: (a: number, b: number, c: number, d: number): V128 =>
    constant([...new Uint8Array(Int32Array.of(a, b, c, d).buffer)]),
  splat: (a: Word): V128 => value("v128", word(a).code, simd(17)),
  lane: (a: V128, lane: number): I32 => value("i32", a.code, simd(27), lane),
  bitmask: (a: V128): I32 => value("i32", a.code, simd(164)),
  abs: unary(160),
  neg: unary(161),
  add: binary(174),
  sub: binary(177),
  mul: binary(181),
  minS: binary(182),
  maxS: binary(184),
  maxU: binary(185),
  shl: shift(171),
  shrS: shift(172),
  shrU: shift(173),
  eq: binary(55),
  ne: binary(56),
  ltS: binary(57),
  gtS: binary(59),
  leS: binary(61),
  geS: binary(63),
  /** To int32 from float32: rounded towards zero, saturated; NaN becomes 0. */
  trunc: unary(248),
}))();

/** Two int64. */
export const i64x2: Readonly<Record<"add" | "sub", Binary>> &
  Readonly<Record<"shl" | "shrU", Shift>> & {
    readonly const: (low: number, high: number) => V128;
  } = /* @__PURE__ */ (() => ({
  const: (low: number, high: number): V128 =>
    constant([...new Uint8Array(Int32Array.of(low, high).buffer)]),
  add: binary(206),
  sub: binary(209),
  shl: shift(203),
  shrU: shift(205),
}))();
