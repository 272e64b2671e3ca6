import type { Address, FunctionBuilder } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { l2Bytes } from "../../../machine.js";
import type { Layout } from "./axisTiles.js";

/** Bytes that are prefetched at a time: they stay in L2 with the other operands (`bench/conv`). */
const prefetchedBytes = l2Bytes / 2;

/** Some rows of outputs and what they read, as addresses; and all sources and all outputs. */
export interface RowPointers {
  readonly from: Address;
  readonly to: Address;
  readonly x: Address;
  readonly y: Address;
}

/** How rows of outputs and the sources that they read are prefetched; undefined if all is small. */
export function prefetcher(layout: Layout):
  | {
      /** The number of rows of outputs at a time. */
      readonly count: number;
      readonly emit: (f: FunctionBuilder, pointers: RowPointers) => void;
    }
  | undefined {
  const { rows, rowBytes, sourceRowBytes, bytes, sourceBytes } = layout;
  if (bytes + sourceBytes <= 4 * prefetchedBytes) return undefined;
  const sourceBytesOf = (outputRows: number): number =>
    Math.ceil((outputRows * rows.step * sourceRowBytes) / rows.divisor);
  const count = Math.max(1, Math.floor(prefetchedBytes / (rowBytes + sourceBytesOf(1))));
  const existing = Math.min(count, rows.outputs);
  return {
    count,
    emit(f, { from, to, x, y }) {
      prefetch(f, from, sourceBytesOf(existing), i32.add(x, sourceBytes));
      prefetch(f, to, existing * rowBytes, i32.add(y, bytes));
    },
  };
}

/**
 * Emits code that reads one word of each cache line of some bytes, in order, up to `end`. Direct
 * kernels read many rows and columns at once, which the processor does not predict; it does predict
 * an array that is read from front to back.
 */
function prefetch(f: FunctionBuilder, from: Address, bytes: number, end: Address): void {
  const start = f.let(from);
  const distance = f.min(i32.sub(end, start), bytes);
  f.for(0, distance, 64, (offset) => f.drop(i32.load(i32.add(start, offset))));
}
