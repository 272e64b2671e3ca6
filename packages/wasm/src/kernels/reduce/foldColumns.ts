import { strided, type Address, type FunctionBuilder, type Local, type V128 } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { rowOffset, stridedLoads } from "../loop/addressing.js";
import { emitBody } from "../loop/body.js";
import { hoistWhere } from "../loop/hoist.js";
import { eachColumns } from "../shared/columnBlocks.js";
import { addTo, foldAxes, sumOf, type Reducing } from "./fold.js";

/**
 * Emits block `index` of the results of a reduction whose last axis is kept: columns are folded
 * next to each other.
 */
export function foldColumns(
  f: FunctionBuilder,
  reducing: Reducing,
  out: Local<"address">,
  reads: readonly Local<"address">[],
  index: Local<"i32">,
): void {
  const { loop, kept } = reducing;
  const { shape, inputs } = loop;
  const n = shape[shape.length - 1]!;
  const ofShape = (strides: readonly number[]): number[] =>
    kept.slice(0, -1).map((axis) => strides[axis]!);
  eachColumns(f, n, index, (row, column) => {
    const target = f.local("address", i32.add(out, i32.shl(i32.add(i32.mul(row, n), column), 2)));
    const starts = inputs.map(({ strides, offset }, k) => {
      const rowStart = i32.add(
        i32.add(reads[k]!, 4 * offset),
        rowOffset(row, ofShape(shape), ofShape(strides)),
      );
      return f.local("address", strided(rowStart, column, 4 * strides[shape.length - 1]!));
    });
    return (from, vectors, single) =>
      foldVectors(f, reducing, {
        reads: starts.map((start, k) =>
          f.local("address", strided(start, from, 4 * inputs[k]!.strides[shape.length - 1]!)),
        ),
        target: i32.add(target, i32.shl(from, 2)),
        vectors,
        single,
      });
  });
}

/** Columns that are folded next to each other. */
interface Columns {
  /** Where the inputs of the first column begin, and where its result is written. */
  readonly reads: readonly Local<"address">[];
  readonly target: Address;
  /** How many vectors they are, or that they are a single column. */
  readonly vectors: number;
  readonly single: boolean;
}

/** Emits the fold of some columns, and stores the results. */
function foldVectors(
  f: FunctionBuilder,
  { loop, folded, node, fold }: Reducing,
  { reads, target, vectors, single }: Columns,
): void {
  const strides = loop.inputs.map((input) => input.strides[loop.shape.length - 1]!);
  const loads = (pointers: readonly Local<"address">[], k: number): ((input: number) => V128) =>
    stridedLoads(pointers, strides, { element: 4 * k, single });
  // What is the same for all that a column folds is computed once.
  const isSame = loop.inputs.map((input) => folded.every((axis) => input.strides[axis] === 0));
  const sums = Array.from({ length: vectors }, () => sumOf(f, fold));
  const hoisted = sums.map((_, k) => hoistWhere(f, loop.body, isSame, loads(reads, k)));
  foldAxes(f, loop, folded, { reads, sums }, (pointers, into) =>
    f.interleave(
      into.map((sum, k) => () => {
        const valueOf = emitBody(f, loop.body, loads(pointers, k), [node], hoisted[k]);
        addTo(f, sum, valueOf(node));
      }),
    ),
  );
  sums.forEach(({ total }, k) => {
    if (single) f.storeLane(target, 0, total, 16 * k);
    else f.store("v128", target, total, 16 * k);
  });
}
