// Four float32.
import { float32 } from "./bytes.js";
import { binary, constant, simd, unary, value, type Binary, type Unary } from "./instructions.js";
import type { V128 } from "./value.js";

const splat = (x: number): V128 => constant(float32(x));
export { splat as const };
/** a · b + c, rounded once or twice. */
export const relaxedMadd = (a: V128, b: V128, c: V128): V128 =>
  value("v128", a.code, b.code, c.code, simd(0x105));
export const ceil: Unary = /* @__PURE__ */ unary(103);
export const floor: Unary = /* @__PURE__ */ unary(104);
export const nearest: Unary = /* @__PURE__ */ unary(106);
export const abs: Unary = /* @__PURE__ */ unary(224);
export const neg: Unary = /* @__PURE__ */ unary(225);
export const sqrt: Unary = /* @__PURE__ */ unary(227);
export const add: Binary = /* @__PURE__ */ binary(228);
export const sub: Binary = /* @__PURE__ */ binary(229);
export const mul: Binary = /* @__PURE__ */ binary(230);
export const div: Binary = /* @__PURE__ */ binary(231);
/** NaN if either operand is NaN; so is max. */
export const min: Binary = /* @__PURE__ */ binary(232);
export const max: Binary = /* @__PURE__ */ binary(233);
/** b < a ? b : a, and a < b ? b : a: one instruction each, where min and max need eight. */
export const pmin: Binary = /* @__PURE__ */ binary(234);
export const pmax: Binary = /* @__PURE__ */ binary(235);
export const eq: Binary = /* @__PURE__ */ binary(65);
export const ne: Binary = /* @__PURE__ */ binary(66);
export const lt: Binary = /* @__PURE__ */ binary(67);
export const gt: Binary = /* @__PURE__ */ binary(68);
export const le: Binary = /* @__PURE__ */ binary(69);
export const ge: Binary = /* @__PURE__ */ binary(70);
/** To float32 from int32. */
export const convert: Unary = /* @__PURE__ */ unary(250);
