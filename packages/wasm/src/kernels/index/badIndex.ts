import { i32, type FunctionBuilder, type Index, type ModuleBuilder } from "@tenon/emit";

/** The operations that may meet an index that is none; 0 says that none did. */
const names = [
  "",
  "gather",
  "scatterAdd",
  "takeAlong",
  "scatterAlong",
  "gatherPool2d",
  "unpool2d",
] as const;

/**
 * What is looked at: which operation asks, where all its indices lie, how many there are, and below
 * what they must be.
 */
export interface Indices {
  readonly name: Exclude<(typeof names)[number], "">;
  readonly at: Index;
  readonly count: number;
  readonly n: number;
}

/**
 * Ends the program where an index lies outside the array, and leaves in memory where to look:
 * 32-bit numbers for the operation, n, where the indices lie, how many there are. Threads that meet
 * other ones leave the same.
 */
export function endUnlessIndex(
  module: ModuleBuilder,
  f: FunctionBuilder,
  index: Index,
  { name, at, count, n }: Indices,
): void {
  f.if(i32.geU(index, n), () => {
    [i32.const(names.indexOf(name)), i32.const(n), at, i32.const(count)].forEach((word, i) => {
      f.store("i32", module.report, typeof word === "number" ? i32.const(word) : word, 4 * i);
    });
    f.trap();
  });
}

/**
 * The operation that ended a program, its first index that is none, and what it must be below; from
 * now on none did.
 */
export function badIndexIn(
  buffer: ArrayBufferLike,
  report: number,
): { readonly name: string; readonly index: number; readonly n: number } | undefined {
  const words = new Int32Array(buffer, report, 4);
  const [code, n, at, count] = words as unknown as [number, number, number, number];
  if (code === 0) return undefined;
  words[0] = 0;
  const index = new Int32Array(buffer, at, count).find((one) => one < 0 || one >= n);
  return index === undefined ? undefined : { name: names[code]!, index, n };
}
