import { i32, strided, type FunctionBuilder, type Index, type Local, type V128 } from "@tenon/emit";
import { rowOffset, stridedLoads } from "../loop/addressing.js";
import { emitBody } from "../loop/body.js";
import { hoistWhere } from "../loop/hoist.js";
import { eachColumns } from "../shared/columnBlocks.js";
import { addTo, foldAxes, sumOf, type Reducing } from "./fold.js";
import type { FoldArguments } from "./reduce.js";

/** Accumulators of columns that are folded in one pass. */
const mostSums = 8;

/**
 * Emits block `index` of the results of a reduction whose last axis is kept: columns are folded
 * next to each other.
 */
export function foldColumns(
  f: FunctionBuilder,
  reducing: Reducing,
  { outs, reads }: FoldArguments,
  index: Local<"i32">,
): void {
  const { loop, kept } = reducing;
  const { shape, inputs } = loop;
  const outer = kept.slice(0, -1);
  const axis = kept[kept.length - 1]!;
  const n = shape[axis]!;
  const strides = inputs.map((input) => input.strides[axis]!);
  eachColumns(f, n, index, (row, column) => {
    const targets = outs.map((out) =>
      f.local("address", i32.add(out, i32.shl(i32.add(i32.mul(row, n), column), 2))),
    );
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
    return (from, vectors, single) => {
      const block = { starts, targets, strides };
      // All accumulators should be in registers.
      const together = 2 ** Math.floor(Math.log2(Math.max(1, mostSums / outs.length)));
      if (vectors <= together) foldVectors(f, reducing, block, { from, vectors, single });
      else
        f.for(0, 4 * vectors, 4 * together, (column) =>
          foldVectors(f, reducing, block, { from: column, vectors: together, single }),
        );
    };
  });
}

/** Columns of a block: some vectors, or a single column, from column `from` of the block on. */
interface Columns {
  readonly vectors: number;
  readonly single: boolean;
  readonly from: Index;
}

interface Block {
  /** Where the inputs of the block's first column begin, and where its results are written. */
  readonly starts: readonly Local<"address">[];
  readonly targets: readonly Local<"address">[];
  /** The inputs' strides from column to column. */
  readonly strides: readonly number[];
}

/** Emits the fold of some columns, and stores the results. */
function foldVectors(
  f: FunctionBuilder,
  { loop, folded, folds }: Reducing,
  { starts, targets, strides }: Block,
  { vectors, single, from }: Columns,
): void {
  // The accumulators of a vector stand next to each other.
  const sums = Array.from({ length: vectors }, () => folds.map(({ fold }) => sumOf(f, fold)));
  const reads = starts.map((start, k) => f.local("address", strided(start, from, 4 * strides[k]!)));
  const loads = (pointers: readonly Local<"address">[], k: number): ((input: number) => V128) =>
    stridedLoads(pointers, strides, { element: 4 * k, single });
  const nodes = folds.map(({ node }) => node);
  // What is the same for all that a column folds is computed once.
  const isSame = loop.inputs.map((input) => folded.every((axis) => input.strides[axis] === 0));
  const hoisted = sums.map((_, k) => hoistWhere(f, loop.body, isSame, loads(reads, k)));
  foldAxes(f, loop, folded, { reads, sums: sums.flat() }, (pointers, into) =>
    f.interleave(
      sums.map((_, k) => () => {
        const valueOf = emitBody(f, loop.body, loads(pointers, k), nodes, hoisted[k]);
        folds.forEach(({ node }, i) => addTo(f, into[k * folds.length + i]!, valueOf(node)));
      }),
    ),
  );
  targets.forEach((target, i) => {
    const address = i32.add(target, i32.shl(from, 2));
    sums.forEach((ofVector, k) => {
      const { total } = ofVector[i]!;
      if (single) f.storeLane(address, 0, total);
      else f.store("v128", address, total, 16 * k);
    });
  });
}
