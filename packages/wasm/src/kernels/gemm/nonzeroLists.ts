import type {
  Address,
  FunctionBuilder,
  FunctionIndex,
  Local,
  ModuleBuilder,
  V128,
  Word,
} from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { loadFrom, type Lanes } from "../shared/lanes.js";
import { multiplyAdd } from "./multiplyAdd.js";

/** Bytes of an entry of a list: a nonzero value, and the offset of the row that it multiplies. */
export const nonzeroBytes = 8;

/**
 * The number of vectors of sums that stay in registers next to a value and a row; V8 spills from
 * ten on. Pairs of vectors are one register where the target has 256 bits (`bench/zeros`).
 */
export const maxSums = ({ features }: ModuleBuilder): number => (features.vectors256 ? 24 : 8);

export interface ScaledRows {
  readonly sums: readonly Local<"v128">[];
  /** For each sum where its columns are in a row. */
  readonly offsets: readonly Lanes[];
  /** The first entry of the list; it moves to the end. */
  readonly entry: Local<"address">;
  readonly end: Word;
  /** What the offsets of rows are relative to. */
  readonly base: Word;
}

/** Emits sums += value · row for each entry (value, row) of a list. */
export function addScaledRows(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { sums, offsets, entry, end, base }: ScaledRows,
): void {
  f.if(i32.ltU(entry, end), () =>
    f.repeat((again, exit) => {
      const value = f.let(v128.loadSplat(entry));
      const row = f.let(i32.add(base, i32.load(entry, 4)));
      sums.forEach((sum, k) => {
        // No row is at address 0. The test starts a new basic block: otherwise V8 before version 13
        // loads all of the row at once and runs out of registers. Later ones can join vectors.
        if (k > 0 && k % 4 === 0 && !module.features.vectors256) f.jumpIf(i32.eqz(row), exit);
        f.set(sum, multiplyAdd(module, sum, value, loadFrom(row, offsets[k]!)));
      });
      f.bump(entry, nonzeroBytes);
      f.jumpIf(i32.ltU(entry, end), again);
    }),
  );
}

/** The size of turns of at most `most` that divide `count` items about equally. */
export const turnSize = (count: number, most: number): number =>
  Math.ceil(count / Math.ceil(count / most));

/** A mask of the lanes that are not zero. */
export const nonzeroMask = (values: V128): V128 => f32x4.ne(values, f32x4.const(0));

/** Bytes of the table that `appendCompacted` reads. */
export const compactionBytes = 256;

/**
 * A function that writes that table: (to) → (). For each mask of four lanes the shuffle that moves
 * the lanes of the mask to the front.
 */
export function compactionTable(module: ModuleBuilder): FunctionIndex {
  return module.func("compactionTable", { to: "address" }, (f, { to }) => {
    for (let mask = 0; mask < 16; mask++) {
      const bytes = [0, 1, 2, 3]
        .filter((lane) => (mask >> lane) & 1)
        .flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
      const words = new Int32Array(
        Uint8Array.from({ length: 16 }, (_, i) => bytes[i] ?? 255).buffer,
      );
      f.store("v128", to, i32x4.lanes(words[0]!, words[1]!, words[2]!, words[3]!), 16 * mask);
    }
  });
}

export interface ValuesWithRows {
  /** The end of the list, which moves. */
  readonly list: Local<"address">;
  readonly table: Address;
  readonly values: V128;
  /** The offset of the row of each value. */
  readonly rows: V128;
}

/**
 * Emits code that appends the nonzero ones of four values, with their rows. It has no branch, since
 * no processor could predict it. It always writes four entries, so a list must have space for all
 * values that were examined.
 */
export function appendCompacted(
  f: FunctionBuilder,
  { list, table, values, rows }: ValuesWithRows,
): void {
  const lanes = f.let(values);
  const bits = f.let(i32x4.bitmask(nonzeroMask(lanes)));
  const shuffle = f.let(v128.load(i32.add(table, i32.shl(bits, 4))));
  const compactedValues = f.let(v128.swizzle(lanes, shuffle));
  const compactedRows = f.let(v128.swizzle(rows, shuffle));
  f.store("v128", list, v128.shuffle32(compactedValues, compactedRows, [0, 4, 1, 5]));
  f.store("v128", list, v128.shuffle32(compactedValues, compactedRows, [2, 6, 3, 7]), 16);
  f.bump(list, i32.shl(i32.popcnt(bits), 3));
}

/**
 * Emits code that appends each lane of `values` to a list of its own if it is not zero. It writes
 * the entry in any case; the next one overwrites a zero.
 */
export function appendEach(
  f: FunctionBuilder,
  lists: readonly Local<"address">[],
  values: V128,
  storeRow: (list: Local<"address">, lane: number) => void,
): void {
  const step = f.let(v128.and(nonzeroMask(values), i32x4.const(nonzeroBytes)));
  lists.forEach((list, lane) => {
    f.storeLane(list, lane, values);
    storeRow(list, lane);
    f.bump(list, i32x4.lane(step, lane));
  });
}
