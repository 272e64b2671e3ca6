import {
  f64x2,
  i32,
  i32x4,
  v128,
  type Address,
  type FunctionBuilder,
  type Local,
  type V128,
} from "@tenon/emit";
import { advance, rowOffset, stridedLoads } from "../loop/addressing.js";
import { emitBody } from "../loop/body.js";
import { hoist } from "../loop/hoist.js";
import type { Loop } from "../loop/loop.js";
import {
  addTo,
  foldAxes,
  foldInBlocks,
  isLongFold,
  partialSums,
  sumOf,
  type Fold,
  type Reducing,
  type Sum,
} from "./fold.js";
import type { FoldArguments } from "./reduce.js";

/** Accumulators of a row: each addition waits for the one before it. */
const accumulators = 4;
const unrolledElements = 4 * accumulators;

/** Elements of a row that are summed together before they are added to others. */
const shortestBlock = 1024;

/**
 * Emits the results `index` of a reduction whose last axis is folded: four lanes are folded next to each
 * other, and together at the end.
 */
export function foldRows(
  f: FunctionBuilder,
  reducing: Reducing,
  { outs, reads }: FoldArguments,
  index: Local<"i32">,
): void {
  const { loop, kept, folded } = reducing;
  // Rounding errors of a product add up, however it is cut: a long one is taken in float64.
  const isLong = isLongFold(reducing);
  const folds = reducing.folds.map(({ node, fold }) => ({
    node,
    ofFloats: fold,
    fold: (isLong && fold.inFloat64) || fold,
  }));
  const ofShape = (strides: readonly number[]): number[] => kept.map((axis) => strides[axis]!);
  const starts = loop.inputs.map(({ strides, offset }, k) =>
    i32.add(
      i32.add(reads[k]!, 4 * offset),
      rowOffset(index, ofShape(loop.shape), ofShape(strides)),
    ),
  );
  const totals = folds.map(({ fold }) => sumOf(f, fold));
  foldAxes(f, loop, folded.slice(0, -1), { reads: starts, sums: totals }, (pointers, sums) =>
    foldRow(f, loop, folds, { pointers, sums }),
  );
  outs.forEach((out, i) => storeFolded(f, i32.add(out, i32.shl(index, 2)), totals[i]!, folds[i]!));
}

/** The product of the first two and of the last two lanes, in float64. */
function asFloat64(f: FunctionBuilder, vector: V128): V128 {
  const x = f.let(vector);
  return f64x2.mul(f64x2.promoteLow(x), f64x2.promoteLow(v128.shuffle32(x, x, [2, 3, 2, 3])));
}

/** What is folded of a row, in float64 if the fold is not that of its own type. */
interface RowFold {
  readonly node: number;
  readonly ofFloats: Fold;
  readonly fold: Fold;
}

/** Folds the lanes of an accumulator and stores the result as one float32 or int32. */
function storeFolded(
  f: FunctionBuilder,
  address: Address,
  { total }: Sum,
  { fold: { fold }, ofFloats }: RowFold,
): void {
  const pairs = f.let(fold(total, v128.shuffle32(total, total, [2, 3, 2, 3])));
  const folded =
    fold === ofFloats.fold
      ? fold(pairs, v128.shuffle32(pairs, pairs, [1, 1, 1, 1]))
      : f64x2.demote(pairs);
  f.storeLane(address, 0, folded);
}

/** Emits the folds of one row, which begins at the pointers. */
function foldRow(
  f: FunctionBuilder,
  { shape, inputs, body }: Loop,
  folds: readonly RowFold[],
  {
    pointers,
    sums,
  }: { readonly pointers: readonly Local<"address">[]; readonly sums: readonly Sum[] },
): void {
  const axis = shape.length - 1;
  const n = shape[axis]!;
  const strides = inputs.map((input) => input.strides[axis]!);
  const hoisted = hoist(f, body, strides, pointers);
  const nodes = folds.map(({ node }) => node);
  /** Adds the elements from one on: four, or the first of these alone. */
  const addElements = (into: readonly Sum[], element: number, single: boolean): void => {
    const load = stridedLoads(pointers, strides, { element, single });
    const valueOf = emitBody(f, body, load, nodes, hoisted);
    folds.forEach(({ node, ofFloats, fold }, i) => {
      const value = single
        ? v128.select(i32x4.lanes(-1, 0, 0, 0), valueOf(node), ofFloats.start)
        : valueOf(node);
      addTo(f, into[i]!, fold === ofFloats ? value : asFloat64(f, value));
    });
  };
  const i = f.local("i32");
  const addBlock = (count: number, into: readonly Sum[]): void => {
    const partial = Array.from({ length: accumulators }, () => partialSums(f, into));
    f.loop(i, 0, count, unrolledElements, () => {
      f.interleave(partial.map((part, k) => () => addElements(part, 4 * k, false)));
      advance(f, pointers, strides, unrolledElements);
    });
    into.forEach((sum, k) => {
      const { fold } = sum.fold;
      const [a, b, c, d] = partial.map((part) => part[k]!.total) as unknown as readonly [
        V128,
        V128,
        V128,
        V128,
      ];
      addTo(f, sum, fold(fold(a, b), fold(c, d)));
    });
  };
  const unrolled = n - (n % unrolledElements);
  if (unrolled > 0) foldInBlocks(f, { count: unrolled, shortest: shortestBlock }, sums, addBlock);
  if (n - unrolled >= 4)
    f.loop(i, unrolled, n - (n % 4), 4, () => {
      addElements(sums, 0, false);
      advance(f, pointers, strides, 4);
    });
  if (n % 4 > 0)
    f.loop(i, n - (n % 4), n, 1, () => {
      // Only the first lane is an element of the row.
      addElements(sums, 0, true);
      advance(f, pointers, strides, 1);
    });
}
