import { unsigned } from "./bytes.js";
import { word, value } from "./instructions.js";
import type { Address, I32, Index, Word } from "./value.js";

/** A number as an i32 expression. */
export const index: (x: Index) => I32 = word;

type Arithmetic = (a: Index, b: Index) => I32;
type SignedComparison = (a: Index, b: Index) => I32;
type Comparison = (a: Word, b: Word) => I32;

/** An address plus a distance, or masked, is an address. */
interface Offset {
  (a: Address, b: Index): Address;
  (a: Index, b: Address): Address;
  (a: Word, b: Word): I32;
}

/** An address minus an address is a distance. */
interface Difference {
  (a: Address, b: Address): I32;
  (a: Address, b: Index): Address;
  (a: Word, b: Word): I32;
}

interface Select {
  (condition: Word, a: Address, b: Address): Address;
  (condition: Word, a: Word, b: Word): I32;
}

/**
 * Index arithmetic folds constants, so that kernels may be written without thinking of special
 * cases.
 */
const integer = /* @__NO_SIDE_EFFECTS__ */ (
    opcode: number,
    fold: (a: number, b: number) => number,
    neutral?: number,
  ) =>
  (a: Word, b: Word): never => {
    const [x, y] = [word(a), word(b)];
    const [{ constant: m }, { constant: n }] = [x, y];
    const result =
      m !== undefined && n !== undefined
        ? word(fold(m, n) | 0)
        : n !== undefined && n === neutral
          ? x
          : value(x.type === y.type ? "i32" : "address", x.code, y.code, opcode);
    return result as never;
  };
const compare = /* @__NO_SIDE_EFFECTS__ */ (opcode: number) =>
  (a: Word, b: Word): I32 =>
    value("i32", word(a).code, word(b).code, opcode);

export const i32: Readonly<Record<"mul" | "divU" | "remU" | "or" | "shl" | "shrU", Arithmetic>> &
  Readonly<Record<"ltS" | "gtS" | "leS" | "geS", SignedComparison>> &
  Readonly<Record<"eq" | "ne" | "ltU" | "gtU" | "geU", Comparison>> & {
    readonly const: (n: number) => I32;
    readonly add: Offset;
    readonly sub: Difference;
    readonly and: Offset;
    readonly eqz: (a: Word) => I32;
    /** The smaller of two signed integers; each operand is computed twice. */
    readonly min: Arithmetic;
    /** The larger of two signed integers; each operand is computed twice. */
    readonly max: Arithmetic;
    /** The number of trailing zero bits; 32 for zero. */
    readonly ctz: (a: Index) => I32;
    /** The number of bits that are one. */
    readonly popcnt: (a: Index) => I32;
    readonly select: Select;
    readonly load: (address: Word, offset?: number) => I32;
    /** A byte, 0 to 255. */
    readonly loadByte: (address: Word, offset?: number) => I32;
  } = {
  const: index,
  add: integer(0x6a, (a, b) => a + b, 0) as Offset,
  sub: integer(0x6b, (a, b) => a - b, 0) as Difference,
  mul: integer(0x6c, Math.imul, 1),
  divU: integer(0x6e, (a, b) => (a >>> 0) / (b >>> 0), 1),
  remU: integer(0x70, (a, b) => (a >>> 0) % (b >>> 0)),
  and: integer(0x71, (a, b) => a & b) as Offset,
  or: integer(0x72, (a, b) => a | b, 0),
  shl: integer(0x74, (a, b) => a << b, 0),
  shrU: integer(0x76, (a, b) => a >>> b, 0),
  eqz: (a: Word): I32 => value("i32", word(a).code, 0x45),
  min: (a: Index, b: Index): I32 => i32.select(i32.ltS(a, b), a, b),
  max: (a: Index, b: Index): I32 => i32.select(i32.gtS(a, b), a, b),
  ctz: (a: Index): I32 => value("i32", word(a).code, 0x68),
  popcnt: (a: Index): I32 => value("i32", word(a).code, 0x69),
  eq: compare(0x46),
  ne: compare(0x47),
  ltS: compare(0x48),
  ltU: compare(0x49),
  gtS: compare(0x4a),
  gtU: compare(0x4b),
  leS: compare(0x4c),
  geS: compare(0x4e),
  geU: compare(0x4f),
  select: ((condition: Word, a: Word, b: Word): I32 =>
    value(word(a).type, word(a).code, word(b).code, word(condition).code, 0x1b)) as Select,
  load: (address: Word, offset = 0): I32 =>
    value("i32", word(address).code, 0x28, 2, unsigned(offset)),
  loadByte: (address: Word, offset = 0): I32 =>
    value("i32", word(address).code, 0x2d, 0, unsigned(offset)),
};

interface Strided {
  (base: Address, index: Index, stride: Index): Address;
  (base: Index, index: Index, stride: Index): I32;
}

/** The address of an element, or its index: base + index · stride. */
export const strided = ((base: Word, index: Index, stride: Index): I32 =>
  i32.add(base, i32.mul(index, stride))) as Strided;
