import {
  i32,
  strided,
  v128,
  type Address,
  type FunctionBuilder,
  type Label,
  type Local,
  type V128,
} from "@tenon/emit";
import { sizeOf } from "@tenon/tensor";
import { rowOffset, stridedLoads } from "../loop/addressing.js";
import { emitBody } from "../loop/body.js";
import { hoistWhere } from "../loop/hoist.js";
import { eachColumns } from "../shared/columnBlocks.js";
import { addTo, foldAxes, sumOf, type Fold, type Reducing, type Sum } from "./fold.js";
import { summarized } from "./summarized.js";

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
  { loop, kept, folded, node, kind, fold }: Reducing,
  { reads, target, vectors, single }: Columns,
): void {
  const sizeAlong = (axes: readonly number[]): number =>
    sizeOf(axes.map((axis) => loop.shape[axis]!));
  const strides = loop.inputs.map((input) => input.strides[loop.shape.length - 1]!);
  const loads = (pointers: readonly Local<"address">[], k: number): ((input: number) => V128) =>
    stridedLoads(pointers, strides, { element: 4 * k, single });
  // What is the same for all that a column folds is computed once.
  const isSame = loop.inputs.map((input) => folded.every((axis) => input.strides[axis] === 0));
  const columns = Array.from({ length: vectors }, () =>
    kind === "summary" ? summarized(f, sizeAlong(folded)) : foldedAs(f, fold),
  );
  const hoisted = columns.map((_, k) => hoistWhere(f, loop.body, isSame, loads(reads, k)));
  /** Emits one pass over the elements. */
  const emitPass = (again?: Label): void => {
    // The accumulators of a vector stand next to each other.
    const sums = columns.map(({ folds }) => folds.map((one) => sumOf(f, one)));
    foldAxes(f, loop, folded, { reads, sums: sums.flat() }, (pointers, into) =>
      f.interleave(
        columns.map(({ folds: { length }, add }, k) => () => {
          const valueOf = emitBody(f, loop.body, loads(pointers, k), [node], hoisted[k]);
          add(valueOf(node), into.slice(k * length, (k + 1) * length));
        }),
      ),
    );
    const repeats = columns.map(({ finish }, k) =>
      finish(sums[k]!, (result, row) => {
        const offset = 16 * k + 4 * row * sizeAlong(kept);
        if (single) f.storeLane(target, 0, result, offset);
        else f.store("v128", target, result, offset);
      }),
    );
    for (const repeat of repeats) if (repeat) f.jumpIf(v128.any(repeat), again!);
  };
  if (kind === "summary") f.repeat(emitPass);
  else emitPass();
}

/** How a vector of columns is folded, in one pass over its elements or in several. */
export interface ColumnFold {
  /** One for each accumulator. */
  readonly folds: readonly Fold[];
  /** Emits how the next element of each column enters the accumulators. */
  add(x: V128, sums: readonly Sum[]): void;
  /**
   * Stores results after a pass, given the accumulators, and prepares another pass if there are
   * columns that need it: those for which it returns ones.
   */
  finish(
    sums: readonly Sum[],
    store: (result: V128, row: number) => void,
  ): Local<"v128"> | undefined;
}

const foldedAs = (f: FunctionBuilder, fold: Fold): ColumnFold => ({
  folds: [fold],
  add: (x, [sum]) => addTo(f, sum!, x),
  finish([sum], store) {
    store(sum!.total, 0);
    return undefined;
  },
});
