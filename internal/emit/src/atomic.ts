// Sequentially consistent operations on 32-bit words that threads share: all threads observe them
// in one order.
import { signed, unsigned } from "./bytes.js";
import { word, value } from "./instructions.js";
import type { I32, Index, Value, Word } from "./value.js";

const shared = (
  opcode: number,
  address: Word,
  offset: number,
  ...operands: readonly Index[]
): I32 =>
  value(
    "i32",
    word(address).code,
    ...operands.map((operand) => word(operand).code),
    0xfe,
    opcode,
    2,
    unsigned(offset),
  );

export const load = (address: Word, offset = 0): I32 => shared(0x10, address, offset);
/** Adds `by`; returns the previous value. */
export const add = (address: Word, by: Index, offset = 0): I32 => shared(0x1e, address, offset, by);
/** Compare and exchange: stores `to` if the word equals `from`; returns the previous value. */
export const exchange = (address: Word, from: Index, to: Index, offset = 0): I32 =>
  shared(0x48, address, offset, from, to);
/**
 * Sleeps until a thread notifies this address, or until the time is over; returns at once if the
 * word does not equal `expected`.
 */
export const wait = (address: Word, expected: Index, nanoseconds: number, offset = 0): I32 =>
  shared(0x01, address, offset, expected, value("i64", 0x42, signed(nanoseconds)) as Value);
