// Integers, and addresses.
import { unsigned } from "./bytes.js";
import { word, value } from "./instructions.js";
import type { Address, I32, Index, Word } from "./value.js";

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

/** A number as an i32 expression. */
export const index: (x: Index) => I32 = word;
export { index as const };
export const add: Offset = /* @__PURE__ */ integer(0x6a, (a, b) => a + b, 0);
export const sub: Difference = /* @__PURE__ */ integer(0x6b, (a, b) => a - b, 0);
export const mul: Arithmetic = /* @__PURE__ */ integer(0x6c, Math.imul, 1);
export const divU: Arithmetic = /* @__PURE__ */ integer(0x6e, (a, b) => (a >>> 0) / (b >>> 0), 1);
export const remU: Arithmetic = /* @__PURE__ */ integer(0x70, (a, b) => (a >>> 0) % (b >>> 0));
export const and: Offset = /* @__PURE__ */ integer(0x71, (a, b) => a & b);
export const or: Arithmetic = /* @__PURE__ */ integer(0x72, (a, b) => a | b, 0);
export const shl: Arithmetic = /* @__PURE__ */ integer(0x74, (a, b) => a << b, 0);
export const shrU: Arithmetic = /* @__PURE__ */ integer(0x76, (a, b) => a >>> b, 0);
export const eqz = (a: Word): I32 => value("i32", word(a).code, 0x45);
export const eq: Comparison = /* @__PURE__ */ compare(0x46);
export const ne: Comparison = /* @__PURE__ */ compare(0x47);
export const ltS: SignedComparison = /* @__PURE__ */ compare(0x48);
export const ltU: Comparison = /* @__PURE__ */ compare(0x49);
export const gtS: SignedComparison = /* @__PURE__ */ compare(0x4a);
export const gtU: Comparison = /* @__PURE__ */ compare(0x4b);
export const leS: SignedComparison = /* @__PURE__ */ compare(0x4c);
export const geS: SignedComparison = /* @__PURE__ */ compare(0x4e);
export const geU: Comparison = /* @__PURE__ */ compare(0x4f);
export const select: Select = (condition: Word, a: Word, b: Word): never =>
  value(word(a).type, word(a).code, word(b).code, word(condition).code, 0x1b) as never;
/** The smaller of two signed integers; each operand is computed twice. */
export const min: Arithmetic = (a, b) => select(ltS(a, b), a, b);
/** The larger of two signed integers; each operand is computed twice. */
export const max: Arithmetic = (a, b) => select(gtS(a, b), a, b);
/** The number of trailing zero bits; 32 for zero. */
export const ctz = (a: Index): I32 => value("i32", word(a).code, 0x68);
/** The number of bits that are one. */
export const popcnt = (a: Index): I32 => value("i32", word(a).code, 0x69);
export const load = (address: Word, offset = 0): I32 =>
  value("i32", word(address).code, 0x28, 2, unsigned(offset));
/** A byte, 0 to 255. */
export const loadByte = (address: Word, offset = 0): I32 =>
  value("i32", word(address).code, 0x2d, 0, unsigned(offset));
