import {
  f32x4,
  i32,
  i32x4,
  v128,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Index,
  type Local,
  type ModuleBuilder,
  type V128,
  type Word,
} from "@tenon/emit";
import { multiplyAdd } from "./multiplyAdd.js";

type Pointer = Local<"i32"> | Local<"address">;

/** Bytes of an entry of a list: a number, and where the row lies that it is multiplied with. */
export const entryBytes = 8;

/**
 * As many vectors of sums as stay in registers beside a number and a row; V8 spills from ten on.
 */
export const sumsAtOnce = ({ features }: ModuleBuilder): number => (features.vectors256 ? 24 : 8);

/**
 * Emits code that adds the rows of a list's entries, each times its number. Addresses of rows count
 * from `base`; of each sum, `at` is where it lies in a row.
 */
export function addRows(
  module: ModuleBuilder,
  f: FunctionBuilder,
  sums: readonly Local<"v128">[],
  at: readonly number[],
  entry: Pointer,
  end: Word,
  base: Word,
): void {
  const number = f.local("v128");
  const row = f.local("i32");
  f.if(i32.ltU(entry, end), () =>
    f.repeat((again, exit) => {
      f.set(number, v128.loadSplat(entry));
      f.set(row, i32.add(base, i32.load(entry, 4)));
      sums.forEach((sum, k) => {
        // No row lies at 0. The test starts a new basic block: V8 before version 13 else loads all
        // of the row at once and runs out of registers.
        if (k > 0 && k % 4 === 0) f.jumpIf(i32.eqz(row), exit);
        f.set(sum, multiplyAdd(module, sum, number, v128.load(row, at[k]!)));
      });
      f.bump(entry, entryBytes);
      f.jumpIf(i32.ltU(entry, end), again);
    }),
  );
}

/**
 * How many of `count` things are done at a time so that no turn has more than `most`, and all about
 * as many.
 */
export const evenly = (count: number, most: number): number =>
  Math.ceil(count / Math.ceil(count / most));

/** Which of four numbers are not zero. */
export const notZero = (numbers: V128): V128 => f32x4.ne(numbers, f32x4.const(0));

/**
 * Emits code that appends those of up to 32 numbers that a mask of each four wants: from where
 * numbers lie, with the first's row and bytes from one row to the next.
 */
export function appendWanted(
  f: FunctionBuilder,
  list: Pointer,
  many: number,
  numbers: Word,
  first: Index,
  step: number,
  wanted: (k: number) => V128,
): void {
  const bits = f.local("i32");
  const at = f.local("i32");
  const four = (k: number): I32 => {
    const mask = i32x4.bitmask(wanted(k));
    return i32.shl(many - k < 4 ? i32.and(mask, (1 << (many - k)) - 1) : mask, k);
  };
  let all = four(0);
  for (let k = 4; k < many; k += 4) all = i32.or(all, four(k));
  f.set(bits, all);
  f.repeat((again, exit) => {
    f.jumpIf(i32.eqz(bits), exit);
    f.set(at, i32.ctz(bits));
    f.set(bits, i32.and(bits, i32.sub(bits, 1)));
    f.store("i32", list, i32.load(i32.add(numbers, i32.shl(at, 2))));
    f.store("i32", list, i32.add(i32.mul(at, step), first), 4);
    f.bump(list, entryBytes);
    f.jump(again);
  });
}

/** Bytes of the table that `appendPacked` looks into. */
export const packingBytes = 256;

/**
 * A function that writes that table: (to) → (). For each of sixteen masks the bytes of its lanes,
 * one lane behind the other.
 */
export function packing(module: ModuleBuilder): FunctionIndex {
  return module.once("packing", () =>
    module.func("packing", ["i32"], (f, to) => {
      for (let mask = 0; mask < 16; mask++) {
        const bytes = [0, 1, 2, 3]
          .filter((lane) => (mask >> lane) & 1)
          .flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
        const [a, b, c, d] = new Int32Array(
          Uint8Array.from({ length: 16 }, (_, i) => bytes[i] ?? 255).buffer,
        ) as unknown as [number, number, number, number];
        f.store("v128", to!, i32x4.lanes(a, b, c, d), 16 * mask);
      }
    }),
  );
}

/**
 * Emits code that appends those of four numbers that are not zero, with the rows that stand beside
 * them, without a branch: there is no way to foretell which they are. It writes four entries, so a
 * list must have room for all that were looked at.
 */
export function appendPacked(
  f: FunctionBuilder,
  list: Pointer,
  table: Index,
  numbers: V128,
  rows: V128,
): void {
  const four = f.local("v128", numbers);
  const bits = f.local("i32", i32x4.bitmask(notZero(four)));
  const lanes = f.local("v128", v128.load(i32.add(table, i32.shl(bits, 4))));
  const packed = f.local("v128", v128.swizzle(four, lanes));
  const beside = f.local("v128", v128.swizzle(rows, lanes));
  f.store("v128", list, v128.shuffle32(packed, beside, [0, 4, 1, 5]));
  f.store("v128", list, v128.shuffle32(packed, beside, [2, 6, 3, 7]), 16);
  f.bump(list, i32.shl(i32.popcnt(bits), 3));
}

/**
 * Emits code that appends each of some numbers that is not zero to a list of its own. What is zero
 * is overwritten by what comes next.
 */
export function appendEach(
  f: FunctionBuilder,
  lists: readonly Pointer[],
  numbers: V128,
  storeRow: (list: Pointer, lane: number) => void,
): void {
  const step = f.local("v128", v128.and(notZero(numbers), i32x4.const(entryBytes)));
  lists.forEach((list, lane) => {
    f.storeLane(list, lane, numbers);
    storeRow(list, lane);
    f.bump(list, i32x4.lane(step, lane));
  });
}
