import { i32, strided, type FunctionBuilder, type Index, type Local } from "@tenon/emit";
import { stridedLoads, rowOffset } from "../loop/addressing.js";
import { emitBody } from "../loop/body.js";
import { hoist } from "../loop/hoist.js";
import { eachColumns } from "../shared/columnBlocks.js";
import { foldAxes, type Reducing } from "./fold.js";
import type { FoldArguments } from "./reduce.js";

/**
 * Emits block `index` of the results of a reduction whose last axis is kept: columns are folded
 * next to each other.
 */
export function foldColumns(
  f: FunctionBuilder,
  reducing: Reducing,
  { out, reads }: FoldArguments,
  index: Local<"i32">,
): void {
  const { loop, kept } = reducing;
  const { shape, inputs } = loop;
  const outer = kept.slice(0, -1);
  const axis = kept[kept.length - 1]!;
  const n = shape[axis]!;
  const strides = inputs.map((input) => input.strides[axis]!);
  eachColumns(f, n, index, (row, column) => {
    const target = f.local("address", i32.add(out, i32.shl(i32.add(i32.mul(row, n), column), 2)));
    const starts = inputs.map((input, k) => {
      const rowStart = i32.add(
        i32.add(reads[k]!, 4 * input.offset),
        rowOffset(
          row,
          outer.map((a) => shape[a]!),
          outer.map((a) => input.strides[a]!),
        ),
      );
      return f.local("address", strided(rowStart, column, 4 * strides[k]!));
    });
    return (from, vectors, single) =>
      foldVectors(f, reducing, { starts, target, strides }, { from, vectors, single });
  });
}

/** Columns of a block: some vectors, or a single column, from column `from` of the block on. */
interface Columns {
  readonly vectors: number;
  readonly single: boolean;
  readonly from: Index;
}

interface Block {
  /** Where the inputs of the block's first column begin, and where its result is written. */
  readonly starts: readonly Local<"address">[];
  readonly target: Local<"address">;
  /** The inputs' strides from column to column. */
  readonly strides: readonly number[];
}

/** Emits the fold of some columns, and stores the results. */
function foldVectors(
  f: FunctionBuilder,
  { loop, folded, node, fold }: Reducing,
  { starts, target, strides }: Block,
  { vectors, single, from }: Columns,
): void {
  const sums = Array.from({ length: vectors }, () => f.local("v128", fold.start));
  const reads = starts.map((start, k) => strided(start, from, 4 * strides[k]!));
  foldAxes(f, { loop, fold }, folded, { reads, sums }, (pointers, into) => {
    const hoisted = hoist(f, loop.body, strides, pointers);
    f.interleave(
      into.map((sum, k) => () => {
        const load = stridedLoads(pointers, strides, { element: 4 * k, single });
        const valueOf = emitBody(f, loop.body, load, [node], hoisted);
        f.set(sum, fold.fold(sum, valueOf(node)));
      }),
    );
  });
  const address = i32.add(target, i32.shl(from, 2));
  sums.forEach((sum, k) =>
    single ? f.storeLane(address, 0, sum) : f.store("v128", address, sum, 16 * k),
  );
}
