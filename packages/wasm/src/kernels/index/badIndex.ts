import type { Address, FunctionBuilder, Index } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { indexError, type IndexError, type IndexUse } from "@tenon/tensor";

/** The indices of an operation. */
export interface CheckedIndices {
  /** The address of all of them, and how many there are. */
  readonly indices: Address;
  readonly count: number;
  /** They must be at least 0 and below n. */
  readonly n: number;
  readonly use: IndexUse;
}

/**
 * The number of a use in the report and in the keys of kernels: a hash of what it says, so that
 * programs share the code of a kernel.
 */
export function useNumber(use: IndexUse): number {
  let hash = 1;
  for (const character of JSON.stringify(use))
    hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619);
  return hash;
}

/**
 * Emits code that stops the program if an index is outside [0, n), and reports in the first four
 * words of memory the number of its use, n, the address of all its indices, and their count.
 * Threads that meet other bad indices report the same, so it does not matter which is first.
 */
export function endUnlessIndex(
  f: FunctionBuilder,
  index: Index,
  { use, indices, count, n }: CheckedIndices,
): void {
  f.if(i32.geU(index, n), () => {
    const report = [i32.const(useNumber(use)), i32.const(n), indices, i32.const(count)];
    report.forEach((word, k) => f.store("i32", 0, word, 4 * k));
    f.trap();
  });
}

/**
 * The error of the operation that stopped a program because of a bad index, which names the first
 * one; clears the report.
 *
 * @param uses those of the program's kernels
 */
export function badIndexIn(
  buffer: ArrayBufferLike,
  uses: readonly (IndexUse | undefined)[],
): IndexError | undefined {
  const words = new Int32Array(buffer, 0, 4);
  const [number, size, address, count] = words as unknown as [number, number, number, number];
  if (number === 0) return undefined;
  words[0] = 0;
  const indices = new Int32Array(buffer, address, count);
  const at = indices.findIndex((value) => value < 0 || value >= size);
  const use = uses.find((use) => use && useNumber(use) === number);
  return use && at >= 0 ? indexError(use, indices[at]!, size, at) : undefined;
}
