import { f32x4, i32, v128, type FunctionBuilder, type Index, type Local, type ModuleBuilder, type V128 } from "@tenon/emit";
import { multiplyAdd } from "./multiplyAdd.js";

/** Bytes of an entry of a list: a number, and where the row lies that it is multiplied with. */
export const entryBytes = 8;

/** As many vectors of sums as stay in registers beside a number and a row; V8 spills from ten on. */
export const sumsAtOnce = ({ dialect }: ModuleBuilder): number => (dialect.wide ? 24 : 8);

/** Emits code that adds the rows of a list's entries, each times its number. Addresses of rows count from `base`; of each sum, `at` is where it lies in a row. */
export function addRows(module: ModuleBuilder, f: FunctionBuilder, sums: readonly Local<"v128">[], at: readonly number[], entry: Local<"i32">, end: Index, base: Index): void {
  const number = f.local("v128"), row = f.local("i32");
  f.if(i32.ltU(entry, end), () => f.repeat((again, exit) => {
    f.set(number, v128.loadSplat(entry));
    f.set(row, i32.add(base, i32.load(entry, 4)));
    sums.forEach((sum, k) => {
      // No row lies at 0. The test starts a new basic block: V8 before version 13 else loads all of the row at once and runs out of registers.
      if (k > 0 && k % 4 === 0) f.jumpIf(i32.eqz(row), exit);
      f.set(sum, multiplyAdd(module, sum, number, v128.load(row, at[k]!)));
    });
    f.bump(entry, entryBytes);
    f.jumpIf(i32.ltU(entry, end), again);
  }));
}

/** How many of `count` things are done at a time so that no turn has more than `most`, and all about as many. */
export const evenly = (count: number, most: number): number => Math.ceil(count / Math.ceil(count / most));

/** Which of four numbers are not zero. */
export const notZero = (numbers: V128): V128 => f32x4.ne(numbers, f32x4.const(0));
