import type { Address, FunctionBuilder, Index } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";

/** The operations that check indices, by their code in the report; code 0: no index was bad. */
const names = [
  "",
  "gather",
  "scatterAdd",
  "takeAlong",
  "scatterAlong",
  "gatherPool2d",
  "unpool2d",
] as const;

/** The indices of an operation. */
export interface CheckedIndices {
  readonly name: Exclude<(typeof names)[number], "">;
  /** The address of all of them, and how many there are. */
  readonly indices: Address;
  readonly count: number;
  /** They must be at least 0 and below n. */
  readonly n: number;
}

/**
 * Emits code that stops the program if an index is outside [0, n), and reports in the first four
 * words of memory the operation's code, n, the address of all its indices, and their count. Threads
 * that meet other bad indices report the same, so it does not matter which is first.
 */
export function endUnlessIndex(
  f: FunctionBuilder,
  index: Index,
  { name, indices, count, n }: CheckedIndices,
): void {
  f.if(i32.geU(index, n), () => {
    const report = [i32.const(names.indexOf(name)), i32.const(n), indices, i32.const(count)];
    report.forEach((word, k) => f.store("i32", 0, word, 4 * k));
    f.trap();
  });
}

/**
 * The operation that stopped a program because of a bad index, its first bad index, and the limit
 * below which it must be; clears the report.
 */
export function badIndexIn(
  buffer: ArrayBufferLike,
): { readonly name: string; readonly index: number; readonly n: number } | undefined {
  const words = new Int32Array(buffer, 0, 4);
  const [code, n, address, count] = words as unknown as [number, number, number, number];
  if (code === 0) return undefined;
  words[0] = 0;
  const index = new Int32Array(buffer, address, count).find((value) => value < 0 || value >= n);
  return index === undefined ? undefined : { name: names[code]!, index, n };
}
