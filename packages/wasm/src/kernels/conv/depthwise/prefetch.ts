import { i32, type Address, type FunctionBuilder } from "@tenon/emit";
import { l2Bytes } from "../../../machine.js";

/** Bytes that are prefetched at a time: they stay in L2 with the other operands (`bench/conv`). */
const prefetchedBytes = l2Bytes / 2;

/**
 * The number of rows of outputs that are prefetched at a time, with what they read, given the bytes
 * of a row and of all; undefined if all is small.
 */
export const rowsPrefetched = (rowBytes: number, allBytes: number): number | undefined =>
  allBytes > 4 * prefetchedBytes ? Math.max(1, Math.floor(prefetchedBytes / rowBytes)) : undefined;

/**
 * Emits code that reads one word of each cache line of some bytes, in order, up to `end`. Direct
 * kernels read many rows and columns at once, which the processor does not predict; it does predict
 * an array that is read from front to back.
 */
export function prefetch(f: FunctionBuilder, from: Address, bytes: number, end: Address): void {
  const start = f.let(from);
  const distance = f.min(i32.sub(end, start), bytes);
  f.for(0, distance, 64, (offset) => f.drop(i32.load(i32.add(start, offset))));
}
