import type { FunctionBuilder, Local, V128 } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { sizeOf } from "@tenon/tensor";
import { advance, rowOffset, stridedLoads } from "../loop/addressing.js";
import { emitBody } from "../loop/body.js";
import { hoist } from "../loop/hoist.js";
import {
  addTo,
  foldAxes,
  foldInBlocks,
  longestFlatSum,
  partialSums,
  sumOf,
  type LongFold,
  type Reducing,
  type Sum,
} from "./fold.js";

/** Accumulators of a row: each addition waits for the one before it. */
const accumulators = 4;
const unrolledElements = 4 * accumulators;

/** Elements of a row that are summed together before they are added to others. */
const shortestBlock = 1024;

/**
 * Emits result `index` of a reduction whose last axis is folded: four lanes are folded next to each
 * other, and together at the end.
 */
export function foldRows(
  f: FunctionBuilder,
  reducing: Reducing,
  out: Local<"address">,
  reads: readonly Local<"address">[],
  index: Local<"i32">,
): void {
  const { loop, kept, folded, fold: ofOwnType } = reducing;
  const isLong = sizeOf(folded.map((axis) => loop.shape[axis]!)) > longestFlatSum;
  const long = isLong ? ofOwnType.long : undefined;
  const fold = long ?? ofOwnType;
  const ofShape = (strides: readonly number[]): number[] => kept.map((axis) => strides[axis]!);
  const starts = loop.inputs.map(({ strides, offset }, k) =>
    i32.add(
      i32.add(reads[k]!, 4 * offset),
      rowOffset(index, ofShape(loop.shape), ofShape(strides)),
    ),
  );
  const sum = sumOf(f, fold);
  foldAxes(f, loop, folded.slice(0, -1), { reads: starts, sums: [sum] }, (pointers, [into]) =>
    foldRow(f, reducing, pointers, into!, long),
  );
  // The lanes of the accumulator.
  const { total } = sum;
  const pairs = f.let(fold.fold(total, v128.shuffle32(total, total, [2, 3, 2, 3])));
  const result =
    long?.rounded(pairs) ?? fold.fold(pairs, v128.shuffle32(pairs, pairs, [1, 1, 1, 1]));
  f.storeLane(i32.add(out, i32.shl(index, 2)), 0, result);
}

/** Emits the fold of one row, which begins at the pointers. */
function foldRow(
  f: FunctionBuilder,
  { loop: { shape, inputs, body }, node, fold: ofOwnType }: Reducing,
  pointers: readonly Local<"address">[],
  sum: Sum,
  long: LongFold | undefined,
): void {
  const axis = shape.length - 1;
  const n = shape[axis]!;
  const strides = inputs.map((input) => input.strides[axis]!);
  const hoisted = hoist(f, body, strides, pointers);
  /** Adds the elements from one on: four, or the first of these alone. */
  const addElements = (into: Sum, element: number, single: boolean): void => {
    const load = stridedLoads(pointers, strides, { element, single });
    const all = emitBody(f, body, load, [node], hoisted)(node);
    const value = single ? v128.select(i32x4.lanes(-1, 0, 0, 0), all, ofOwnType.start) : all;
    addTo(f, into, long?.take(f, value) ?? value);
  };
  const i = f.local("i32");
  const addBlock = (count: number, [into]: readonly Sum[]): void => {
    const partial = partialSums(f, new Array<Sum>(accumulators).fill(into!));
    f.loop(i, 0, count, unrolledElements, () => {
      f.interleave(partial.map((part, k) => () => addElements(part, 4 * k, false)));
      advance(f, pointers, strides, unrolledElements);
    });
    const { fold } = into!.fold;
    const [a, b, c, d] = partial.map(({ total }) => total) as unknown as readonly [
      V128,
      V128,
      V128,
      V128,
    ];
    addTo(f, into!, fold(fold(a, b), fold(c, d)));
  };
  const unrolled = n - (n % unrolledElements);
  if (unrolled > 0) foldInBlocks(f, { count: unrolled, shortest: shortestBlock }, [sum], addBlock);
  if (n - unrolled >= 4)
    f.loop(i, unrolled, n - (n % 4), 4, () => {
      addElements(sum, 0, false);
      advance(f, pointers, strides, 4);
    });
  if (n % 4 > 0)
    f.loop(i, n - (n % 4), n, 1, () => {
      // Only the first lane is an element of the row.
      addElements(sum, 0, true);
      advance(f, pointers, strides, 1);
    });
}
