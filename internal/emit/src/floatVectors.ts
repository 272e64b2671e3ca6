import { float32, float64 } from "./bytes.js";
import { binary, constant, simd, unary, value, type Binary, type Unary } from "./instructions.js";
import type { V128 } from "./value.js";

type Arithmetic = Readonly<
  Record<
    | "add"
    | "sub"
    | "mul"
    | "div"
    | "min"
    | "max"
    | "pmin"
    | "pmax"
    | "eq"
    | "ne"
    | "lt"
    | "gt"
    | "le"
    | "ge",
    Binary
  >
>;

/** Four float32. */
export const f32x4: Readonly<
  Record<"ceil" | "floor" | "nearest" | "abs" | "neg" | "sqrt" | "convert", Unary>
> &
  Arithmetic & {
    readonly const: (x: number) => V128;
    readonly relaxedMadd: (a: V128, b: V128, c: V128) => V128;
  } = /* @__PURE__ */ (() => ({
  const: (x: number): V128 => constant(float32(x)),
  /** a · b + c, rounded once or twice. */
  relaxedMadd: (a: V128, b: V128, c: V128): V128 =>
    value("v128", a.code, b.code, c.code, simd(0x105)),
  ceil: unary(103),
  floor: unary(104),
  nearest: unary(106),
  abs: unary(224),
  neg: unary(225),
  sqrt: unary(227),
  add: binary(228),
  sub: binary(229),
  mul: binary(230),
  div: binary(231),
  /** NaN if either operand is NaN; so is max. */
  min: binary(232),
  max: binary(233),
  /** b < a ? b : a, and a < b ? b : a: one instruction each, where min and max need eight. */
  pmin: binary(234),
  pmax: binary(235),
  eq: binary(65),
  ne: binary(66),
  lt: binary(67),
  gt: binary(68),
  le: binary(69),
  ge: binary(70),
  /** To float32 from int32. */
  convert: unary(250),
}))();

/** Two float64. */
export const f64x2: Readonly<
  Record<
    | "abs"
    | "neg"
    | "sqrt"
    | "floor"
    | "trunc"
    | "nearest"
    | "promoteLow"
    | "demote"
    | "truncLow"
    | "convertLow",
    Unary
  >
> &
  Arithmetic & {
    readonly const: (x: number) => V128;
  } = /* @__PURE__ */ (() => ({
  const: (x: number): V128 => constant(float64(x)),
  abs: unary(236),
  neg: unary(237),
  sqrt: unary(239),
  add: binary(240),
  sub: binary(241),
  mul: binary(242),
  div: binary(243),
  min: binary(244),
  max: binary(245),
  pmin: binary(246),
  pmax: binary(247),
  floor: unary(117),
  trunc: unary(122),
  nearest: unary(148),
  eq: binary(71),
  ne: binary(72),
  lt: binary(73),
  gt: binary(74),
  le: binary(75),
  ge: binary(76),
  /** To float64 from the two low lanes of float32. */
  promoteLow: unary(95),
  /** To float32 in the two low lanes, zeros above. */
  demote: unary(94),
  /** To int32 in the two low lanes, zeros above: saturated; NaN becomes 0. */
  truncLow: unary(252),
  /** To float64 from the two low lanes of int32. */
  convertLow: unary(254),
}))();
