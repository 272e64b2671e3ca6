import type { FunctionBuilder, Local, V128, Word } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32x4 from "@tenon/emit/i32x4";
import { advance } from "../loop/addressing.js";
import type { Loop } from "../loop/loop.js";

/** An associative operation and its neutral element. */
export interface Fold {
  readonly start: V128;
  readonly fold: (a: V128, b: V128) => V128;
  /** The fold of rows that are so long that rounding errors add up. @defaultValue the same */
  readonly long?: LongFold;
}

/** A fold of two lanes of float64. */
export interface LongFold extends Fold {
  /** The fold of the first two and of the last two of four elements. */
  readonly take: (f: FunctionBuilder, elements: V128) => V128;
  /** The first lane as an element. */
  readonly rounded: (lanes: V128) => V128;
}

/** The fold of elements of a type. */
export type FoldOf = (integers: boolean) => Fold;

export const sumFold: FoldOf = (integers) =>
  integers
    ? { start: i32x4.const(0), fold: i32x4.add }
    : { start: f32x4.const(0), fold: f32x4.add };

export const maxFold: FoldOf = (integers) =>
  integers
    ? { start: i32x4.const(-2147483648), fold: i32x4.maxS }
    : { start: f32x4.const(-Infinity), fold: f32x4.max };

export const minFold: FoldOf = (integers) =>
  integers
    ? { start: i32x4.const(2147483647), fold: i32x4.minS }
    : { start: f32x4.const(Infinity), fold: f32x4.min };

/** A reduction whose axes were merged where possible. */
export interface Reducing {
  /** The expression that is folded. */
  readonly loop: Loop;
  /**
   * The axes that are kept, and those that are folded; the last axis is the last of one of them.
   */
  readonly kept: readonly number[];
  readonly folded: readonly number[];
  /** The node of the loop's body that is folded. */
  readonly node: number;
  readonly fold: Fold;
}

/** An accumulator. */
export interface Sum {
  readonly total: Local<"v128">;
  readonly fold: Fold;
}

export const sumOf = (f: FunctionBuilder, fold: Fold): Sum => ({
  total: f.local("v128", fold.start),
  fold,
});

/** Folds a value into an accumulator. */
export const addTo = (f: FunctionBuilder, { total, fold }: Sum, value: V128): void =>
  f.set(total, fold.fold(total, value));

/** Accumulators next to others, at their neutral elements. */
export const partialSums = (f: FunctionBuilder, sums: readonly Sum[]): Sum[] =>
  sums.map(({ fold }) => sumOf(f, fold));

/**
 * A long sum is cut into blocks that are summed separately, so that rounding errors do not grow
 * with its length: blocks of at least the shortest length, and of sums of more than
 * `longestFlatSum` elements blocks of `blocksPerGroup` smaller ones, and so on.
 */
export const longestFlatSum = 65_536;
const blocksPerGroup = 16;

/** The length of the outermost blocks of `length` elements. */
function blockLength(length: number, shortest: number): number {
  let block = shortest;
  if (length > longestFlatSum) while (block * blocksPerGroup < length) block *= blocksPerGroup;
  return block;
}

/**
 * Emits a fold of `count` elements in nested blocks; `emitBlock` folds one of at most `shortest`
 * elements into the accumulators that it is given.
 */
export function foldInBlocks(
  f: FunctionBuilder,
  { count, shortest }: { readonly count: number; readonly shortest: number },
  sums: readonly Sum[],
  emitBlock: (count: number, sums: readonly Sum[]) => void,
): void {
  const block = blockLength(count, shortest);
  const emitOne = (elements: number): void => {
    if (block === shortest) return emitBlock(elements, sums);
    const partial = partialSums(f, sums);
    foldInBlocks(f, { count: elements, shortest }, partial, emitBlock);
    partial.forEach(({ total }, k) => addTo(f, sums[k]!, total));
  };
  if (count >= block) f.for(0, Math.floor(count / block), 1, () => emitOne(block));
  if (count % block > 0) emitOne(count % block);
}

/** Elements of an axis that are folded together before they are added to others. */
const shortestBlock = 256;

/**
 * Emits loops over folded axes from the outermost in. Each level folds separately, and long ones in
 * blocks: `emitInner` folds into the accumulators that it is given, from copies of the pointers.
 */
export function foldAxes(
  f: FunctionBuilder,
  loop: Loop,
  axes: readonly number[],
  { reads, sums }: { readonly reads: readonly Word[]; readonly sums: readonly Sum[] },
  emitInner: (reads: readonly Local<"address">[], sums: readonly Sum[]) => void,
): void {
  const pointers = reads.map((read) => f.local("address", read));
  const [axis, ...innerAxes] = axes;
  if (axis === undefined) return emitInner(pointers, sums);
  foldInBlocks(f, { count: loop.shape[axis]!, shortest: shortestBlock }, sums, (count, into) => {
    const partial = partialSums(f, into);
    f.for(0, count, 1, () => {
      foldAxes(f, loop, innerAxes, { reads: pointers, sums: partial }, emitInner);
      const strides = loop.inputs.map((input) => input.strides[axis]!);
      advance(f, pointers, strides, 1);
    });
    partial.forEach(({ total }, k) => addTo(f, into[k]!, total));
  });
}
