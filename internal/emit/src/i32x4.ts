// Four int32.
import {
  binary,
  constant,
  shift,
  simd,
  unary,
  value,
  word,
  type Binary,
  type Shift,
  type Unary,
} from "./instructions.js";
import type { I32, V128, Word } from "./value.js";

const same = (n: number): V128 =>
  constant([n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255]);
export { same as const };
export const lanes = (a: number, b: number, c: number, d: number): V128 =>
  constant([...new Uint8Array(Int32Array.of(a, b, c, d).buffer)]);
export const splat = (a: Word): V128 => value("v128", word(a).code, simd(17));
export const lane = (a: V128, index: number): I32 => value("i32", a.code, simd(27), index);
/** The sign bits of the lanes; that of lane 0 is the lowest. */
export const bitmask = (a: V128): I32 => value("i32", a.code, simd(164));
export const abs: Unary = /* @__PURE__ */ unary(160);
export const neg: Unary = /* @__PURE__ */ unary(161);
export const add: Binary = /* @__PURE__ */ binary(174);
export const sub: Binary = /* @__PURE__ */ binary(177);
export const mul: Binary = /* @__PURE__ */ binary(181);
export const minS: Binary = /* @__PURE__ */ binary(182);
export const maxS: Binary = /* @__PURE__ */ binary(184);
export const maxU: Binary = /* @__PURE__ */ binary(185);
export const shl: Shift = /* @__PURE__ */ shift(171);
export const shrS: Shift = /* @__PURE__ */ shift(172);
export const shrU: Shift = /* @__PURE__ */ shift(173);
export const eq: Binary = /* @__PURE__ */ binary(55);
export const ne: Binary = /* @__PURE__ */ binary(56);
export const ltS: Binary = /* @__PURE__ */ binary(57);
export const gtS: Binary = /* @__PURE__ */ binary(59);
export const leS: Binary = /* @__PURE__ */ binary(61);
export const geS: Binary = /* @__PURE__ */ binary(63);
/** To int32 from float32: rounded towards zero, saturated; NaN becomes 0. */
export const trunc: Unary = /* @__PURE__ */ unary(248);
