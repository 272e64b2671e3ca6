import { float32, float64, signed, unsigned } from "./bytes.js";

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** How types are written in a module. */
export const codes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/**
 * Instructions as bytes. A vector that never changes is one element, its sixteen bytes: the
 * function that it comes to stand in keeps it in a local.
 */
export type Code = readonly (number | readonly number[])[];

/**
 * An expression: the instructions that leave one value on the stack. Used twice, it is computed
 * twice; put it in a local to keep it.
 */
export interface Value<T extends ValueType = ValueType> {
  readonly type: T;
  readonly code: Code;
}

/** A variable of a function; as an expression, its value. */
export interface Local<T extends ValueType = ValueType> extends Value<T> {
  readonly index: number;
}

export type I32 = Value<"i32">;
export type F32 = Value<"f32">;
export type F64 = Value<"f64">;
export type V128 = Value<"v128">;
/** An address or an index; a number stands for the constant. */
export type Index = Value | number;

/**
 * Instructions one after the other. A plain loop: this is where the time goes when a module is
 * made.
 */
const value = <T extends ValueType>(type: T, ...parts: readonly (number | Code)[]): Value<T> => {
  const code: (number | readonly number[])[] = [];
  for (const part of parts) {
    if (typeof part === "number") code.push(part);
    else for (let i = 0; i < part.length; i++) code.push(part[i]!);
  }
  return { type, code };
};

/** A number as an i32 expression. */
export function index(x: Index): I32 {
  return typeof x === "number" ? value("i32", 0x41, signed(x)) : (x as I32);
}

const constantOf = ({ code }: I32): number | undefined => {
  if (code[0] !== 0x41) return undefined;
  let n = 0;
  let shift = 0;
  let i = 1;
  let part = 0;
  for (; i < code.length; i++) {
    part = code[i] as number;
    n |= (part & 0x7f) << shift;
    shift += 7;
    if ((part & 0x80) === 0) break;
  }
  if (i !== code.length - 1) return undefined;
  return shift < 32 && part & 0x40 ? n | (-1 << shift) : n;
};

// What follows is marked, so that a bundler may leave out a table that nobody uses though calls
// fill it.

/**
 * Integer arithmetic folds constants, so that kernels may be written without thinking of special
 * cases.
 */
const integer = /* @__NO_SIDE_EFFECTS__ */ (
    opcode: number,
    fold: (a: number, b: number) => number,
    neutral?: number,
  ) =>
  (a: Index, b: Index): I32 => {
    const [x, y] = [index(a), index(b)];
    const [m, n] = [constantOf(x), constantOf(y)];
    if (m !== undefined && n !== undefined) return index(fold(m, n) | 0);
    if (n !== undefined && n === neutral) return x;
    return value("i32", x.code, y.code, opcode);
  };
const compare = /* @__NO_SIDE_EFFECTS__ */ (opcode: number) =>
  (a: Index, b: Index): I32 =>
    value("i32", index(a).code, index(b).code, opcode);

type Integers = (a: Index, b: Index) => I32;
type One = (a: V128) => V128;
type Two = (a: V128, b: V128) => V128;
type Shift = (a: V128, by: Index) => V128;

export const i32: Readonly<
  Record<
    | "add"
    | "sub"
    | "mul"
    | "divU"
    | "remU"
    | "and"
    | "or"
    | "xor"
    | "shl"
    | "shrS"
    | "shrU"
    | "eq"
    | "ne"
    | "ltS"
    | "ltU"
    | "gtS"
    | "gtU"
    | "leS"
    | "leU"
    | "geS"
    | "geU",
    Integers
  >
> & {
  readonly const: (n: number) => I32;
  readonly eqz: (a: Index) => I32;
  /** How many zeros follow the last one; 32 if there is none. */
  readonly ctz: (a: Index) => I32;
  /** How many ones there are. */
  readonly popcnt: (a: Index) => I32;
  readonly select: (condition: Index, a: Index, b: Index) => I32;
  readonly load: (at: Index, offset?: number) => I32;
  /** A byte, 0 to 255. */
  readonly loadByte: (at: Index, offset?: number) => I32;
  readonly truncF32: (a: F32) => I32;
  readonly reinterpret: (a: F32) => I32;
} = {
  const: (n: number): I32 => index(n),
  add: integer(0x6a, (a, b) => a + b, 0),
  sub: integer(0x6b, (a, b) => a - b, 0),
  mul: integer(0x6c, Math.imul, 1),
  divU: integer(0x6e, (a, b) => (a >>> 0) / (b >>> 0), 1),
  remU: integer(0x70, (a, b) => (a >>> 0) % (b >>> 0)),
  and: integer(0x71, (a, b) => a & b),
  or: integer(0x72, (a, b) => a | b, 0),
  xor: integer(0x73, (a, b) => a ^ b, 0),
  shl: integer(0x74, (a, b) => a << b, 0),
  shrS: integer(0x75, (a, b) => a >> b, 0),
  shrU: integer(0x76, (a, b) => a >>> b, 0),
  eqz: (a: Index): I32 => value("i32", index(a).code, 0x45),
  ctz: (a: Index): I32 => value("i32", index(a).code, 0x68),
  popcnt: (a: Index): I32 => value("i32", index(a).code, 0x69),
  eq: compare(0x46),
  ne: compare(0x47),
  ltS: compare(0x48),
  ltU: compare(0x49),
  gtS: compare(0x4a),
  gtU: compare(0x4b),
  leS: compare(0x4c),
  leU: compare(0x4d),
  geS: compare(0x4e),
  geU: compare(0x4f),
  select: (condition: Index, a: Index, b: Index): I32 =>
    value("i32", index(a).code, index(b).code, index(condition).code, 0x1b),
  load: (at: Index, offset = 0): I32 => value("i32", index(at).code, 0x28, 2, unsigned(offset)),
  loadByte: (at: Index, offset = 0): I32 => value("i32", index(at).code, 0x2d, 0, unsigned(offset)),
  truncF32: (a: F32): I32 => value("i32", a.code, 0xfc, 0),
  reinterpret: (a: F32): I32 => value("i32", a.code, 0xbc),
};

const shared = (opcode: number, at: Index, offset: number, ...args: readonly Index[]): I32 =>
  value(
    "i32",
    index(at).code,
    ...args.map((arg) => index(arg).code),
    0xfe,
    opcode,
    2,
    unsigned(offset),
  );

/**
 * What threads tell each other with: 32-bit words that are read and written whole, in one order for
 * all.
 */
export const atomic: {
  readonly load: (at: Index, offset?: number) => I32;
  /** What was there before. */
  readonly add: (at: Index, by: Index, offset?: number) => I32;
  /** Writes `to` if `from` is there; what was there before. */
  readonly exchange: (at: Index, from: Index, to: Index, offset?: number) => I32;
  /**
   * Sleeps for so many nanoseconds, or until somebody notifies those who wait there; not at all if
   * `value` is not what is there.
   */
  readonly wait: (at: Index, value: Index, nanoseconds: number, offset?: number) => I32;
} = {
  load: (at: Index, offset = 0): I32 => shared(0x10, at, offset),
  add: (at: Index, by: Index, offset = 0): I32 => shared(0x1e, at, offset, by),
  exchange: (at: Index, from: Index, to: Index, offset = 0): I32 =>
    shared(0x48, at, offset, from, to),
  wait: (at: Index, expected: Index, nanoseconds: number, offset = 0): I32 =>
    shared(0x01, at, offset, expected, value("i64", 0x42, signed(nanoseconds)) as Value),
};

const f32Of = /* @__NO_SIDE_EFFECTS__ */ (opcode: number) =>
  (a: F32, b: F32): F32 =>
    value("f32", a.code, b.code, opcode);
export const f32: Readonly<
  Record<"add" | "sub" | "mul" | "div" | "min" | "max", (a: F32, b: F32) => F32>
> &
  Readonly<Record<"gt" | "lt" | "eq" | "ne" | "le" | "ge", (a: F32, b: F32) => I32>> & {
    readonly const: (x: number) => F32;
    readonly load: (at: Index, offset?: number) => F32;
  } = {
  const: (x: number): F32 => value("f32", 0x43, float32(x)),
  add: f32Of(0x92),
  sub: f32Of(0x93),
  mul: f32Of(0x94),
  div: f32Of(0x95),
  min: f32Of(0x96),
  max: f32Of(0x97),
  gt: (a: F32, b: F32): I32 => value("i32", a.code, b.code, 0x5e),
  lt: (a: F32, b: F32): I32 => value("i32", a.code, b.code, 0x5d),
  eq: (a: F32, b: F32): I32 => value("i32", a.code, b.code, 0x5b),
  ne: (a: F32, b: F32): I32 => value("i32", a.code, b.code, 0x5c),
  le: (a: F32, b: F32): I32 => value("i32", a.code, b.code, 0x5f),
  ge: (a: F32, b: F32): I32 => value("i32", a.code, b.code, 0x60),
  load: (at: Index, offset = 0): F32 => value("f32", index(at).code, 0x2a, 2, unsigned(offset)),
};

/** One float64 at a time: sums of many float32. */
export const f64: {
  readonly add: (a: F64, b: F64) => F64;
  readonly load: (at: Index, offset?: number) => F64;
  readonly promote: (a: F32) => F64;
  readonly demote: (a: F64) => F32;
} = {
  add: (a: F64, b: F64): F64 => value("f64", a.code, b.code, 0xa0),
  load: (at: Index, offset = 0): F64 => value("f64", index(at).code, 0x2b, 3, unsigned(offset)),
  promote: (a: F32): F64 => value("f64", a.code, 0xbb),
  demote: (a: F64): F32 => value("f32", a.code, 0xb6),
};

/** One of the SIMD instructions. */
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
const v1 = /* @__NO_SIDE_EFFECTS__ */ (opcode: number) =>
  (a: V128): V128 =>
    value("v128", a.code, simd(opcode));
const v2 = /* @__NO_SIDE_EFFECTS__ */ (opcode: number) =>
  (a: V128, b: V128): V128 =>
    value("v128", a.code, b.code, simd(opcode));
const shift = /* @__NO_SIDE_EFFECTS__ */ (opcode: number) =>
  (a: V128, by: Index): V128 =>
    value("v128", a.code, index(by).code, simd(opcode));

/** A vector that never changes, of bytes that are repeated until it is full. */
const constant = (bytes: readonly number[]): V128 => ({
  type: "v128",
  code: [Array.from({ length: 16 }, (_, i) => bytes[i % bytes.length]!)],
});

export const v128: Readonly<Record<"and" | "andnot" | "or" | "xor", Two>> &
  Readonly<Record<"load" | "loadSplat" | "loadZero", (at: Index, offset?: number) => V128>> & {
    readonly loadLane: (at: Index, lane: number, rest: V128, offset?: number) => V128;
    readonly not: One;
    readonly select: (mask: V128, a: V128, b: V128) => V128;
    readonly any: (a: V128) => I32;
    readonly shuffle: (a: V128, b: V128, lanes: readonly number[]) => V128;
    readonly swizzle: (a: V128, bytes: V128) => V128;
    readonly shuffle32: (a: V128, b: V128, lanes: readonly number[]) => V128;
  } = {
  load: (at: Index, offset = 0): V128 =>
    value("v128", index(at).code, simd(0), 4, unsigned(offset)),
  /** The same 32 bits in all four lanes. */
  loadSplat: (at: Index, offset = 0): V128 =>
    value("v128", index(at).code, simd(9), 2, unsigned(offset)),
  /** 32 bits in the first lane, zeros in the others. */
  loadZero: (at: Index, offset = 0): V128 =>
    value("v128", index(at).code, simd(92), 2, unsigned(offset)),
  /** Another value's lanes, but one from memory. */
  loadLane: (at: Index, lane: number, rest: V128, offset = 0): V128 =>
    value("v128", index(at).code, rest.code, simd(86), 2, unsigned(offset), lane),
  and: v2(78),
  andnot: v2(79),
  or: v2(80),
  xor: v2(81),
  not: v1(77),
  /** Bits of `a` where the mask has ones, else of `b`. */
  select: (mask: V128, a: V128, b: V128): V128 =>
    value("v128", a.code, b.code, mask.code, simd(82)),
  /** Whether any bit is set. */
  any: (a: V128): I32 => value("i32", a.code, simd(83)),
  /** Bytes picked from two vectors: 0–15 of `a`, 16–31 of `b`. */
  shuffle: (a: V128, b: V128, lanes: readonly number[]): V128 =>
    value("v128", a.code, b.code, simd(13), lanes),
  /** Bytes picked from a vector by those of another; 0 where that says 16 or more. */
  swizzle: (a: V128, bytes: V128): V128 => value("v128", a.code, bytes.code, simd(14)),
  /** 32-bit lanes picked from two vectors: 0–3 of `a`, 4–7 of `b`. */
  shuffle32: (a: V128, b: V128, lanes: readonly number[]): V128 =>
    value(
      "v128",
      a.code,
      b.code,
      simd(13),
      lanes.flatMap((l) => [4 * l, 4 * l + 1, 4 * l + 2, 4 * l + 3]),
    ),
};

export const f32x4: Readonly<
  Record<"ceil" | "floor" | "trunc" | "nearest" | "abs" | "neg" | "sqrt" | "convert", One>
> &
  Readonly<
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
      Two
    >
  > & {
    readonly const: (x: number) => V128;
    readonly splat: (a: F32) => V128;
    readonly lane: (a: V128, lane: number) => F32;
    readonly relaxedMadd: (a: V128, b: V128, c: V128) => V128;
  } = {
  const: (x: number): V128 => constant(float32(x)),
  /** a · b + c, rounded once or twice. */
  relaxedMadd: (a: V128, b: V128, c: V128): V128 =>
    value("v128", a.code, b.code, c.code, simd(0x105)),
  splat: (a: F32): V128 => value("v128", a.code, simd(19)),
  lane: (a: V128, lane: number): F32 => value("f32", a.code, simd(31), lane),
  ceil: v1(103),
  floor: v1(104),
  trunc: v1(105),
  nearest: v1(106),
  abs: v1(224),
  neg: v1(225),
  sqrt: v1(227),
  add: v2(228),
  sub: v2(229),
  mul: v2(230),
  div: v2(231) /** NaN if either is. */,
  min: v2(232),
  max: v2(233),
  /** b < a ? b : a, and a < b ? b : a: one instruction each, where min and max need eight. */
  pmin: v2(234),
  pmax: v2(235),
  eq: v2(65),
  ne: v2(66),
  lt: v2(67),
  gt: v2(68),
  le: v2(69),
  ge: v2(70),
  /** To float32 from int32. */
  convert: v1(250),
};

export const i32x4: Readonly<Record<"abs" | "neg" | "trunc", One>> &
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
      Two
    >
  > &
  Readonly<Record<"shl" | "shrS" | "shrU", Shift>> & {
    readonly const: (n: number) => V128;
    readonly lanes: (a: number, b: number, c: number, d: number) => V128;
    readonly splat: (a: Index) => V128;
    readonly lane: (a: V128, lane: number) => I32;
    /** The sign of each lane as a bit, the first lane's last. */
    readonly bitmask: (a: V128) => I32;
  } = {
  const: (n: number): V128 =>
    constant([n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255]),
  lanes: (a: number, b: number, c: number, d: number): V128 =>
    constant([...new Uint8Array(Int32Array.of(a, b, c, d).buffer)]),
  splat: (a: Index): V128 => value("v128", index(a).code, simd(17)),
  lane: (a: V128, lane: number): I32 => value("i32", a.code, simd(27), lane),
  bitmask: (a: V128): I32 => value("i32", a.code, simd(164)),
  abs: v1(160),
  neg: v1(161),
  add: v2(174),
  sub: v2(177),
  mul: v2(181),
  minS: v2(182),
  maxS: v2(184),
  maxU: v2(185),
  shl: shift(171),
  shrS: shift(172),
  shrU: shift(173),
  eq: v2(55),
  ne: v2(56),
  ltS: v2(57),
  gtS: v2(59),
  leS: v2(61),
  geS: v2(63),
  /** To int32 from float32: towards zero, held at the ends, NaN is 0. */
  trunc: v1(248),
};

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
    One
  >
> &
  Readonly<
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
      Two
    >
  > & {
    readonly const: (x: number) => V128;
  } = {
  const: (x: number): V128 => constant(float64(x)),
  abs: v1(236),
  neg: v1(237),
  sqrt: v1(239),
  add: v2(240),
  sub: v2(241),
  mul: v2(242),
  div: v2(243),
  min: v2(244),
  max: v2(245),
  pmin: v2(246),
  pmax: v2(247),
  floor: v1(117),
  trunc: v1(122),
  nearest: v1(148),
  eq: v2(71),
  ne: v2(72),
  lt: v2(73),
  gt: v2(74),
  le: v2(75),
  ge: v2(76),
  /** To float64 from the two low lanes of float32. */
  promoteLow: v1(95),
  /** To float32 in the two low lanes, zeros above. */
  demote: v1(94),
  /** To int32 in the two low lanes, zeros above; held at the ends, NaN is 0. */
  truncLow: v1(252),
  /** To float64 from the two low lanes of int32. */
  convertLow: v1(254),
};

export const i64x2: Readonly<Record<"add" | "sub", Two>> &
  Readonly<Record<"shl" | "shrU", Shift>> & {
    readonly const: (low: number, high: number) => V128;
  } = {
  const: (low: number, high: number): V128 =>
    constant([...new Uint8Array(Int32Array.of(low, high).buffer)]),
  add: v2(206),
  sub: v2(209),
  shl: shift(203),
  shrU: shift(205),
};
