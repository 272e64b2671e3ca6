import type { Address, FunctionBuilder } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { l2Bytes } from "../../../machine.js";
import { prefetch } from "../../shared/prefetch.js";
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
      /** Up to `end`. */
      const ahead = (start: Address, most: number, end: Address): void =>
        prefetch(f, start, f.min(i32.sub(end, start), most));
      ahead(from, sourceBytesOf(existing), i32.add(x, sourceBytes));
      ahead(to, existing * rowBytes, i32.add(y, bytes));
    },
  };
}
