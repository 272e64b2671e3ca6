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
import { advance, stridedLoads, rowOffset } from "../loop/addressing.js";
import { emitBody } from "../loop/body.js";
import { hoist } from "../loop/hoist.js";
import { foldAxes, foldInBlocks, isLongFold, partialSums, type Reducing } from "./fold.js";
import type { FoldArguments } from "./reduce.js";

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
  { out, reads }: FoldArguments,
  index: Local<"i32">,
): void {
  const { loop, kept, folded, fold: ofFloats } = reducing;
  // Rounding errors of a product add up, however it is cut: a long one is taken in float64.
  const float64 = isLongFold(reducing) ? ofFloats.inFloat64 : undefined;
  const { start, fold } = float64 ?? ofFloats;
  const ofShape = (strides: readonly number[]): number[] => kept.map((axis) => strides[axis]!);
  const starts = loop.inputs.map(({ strides, offset }, k) =>
    i32.add(
      i32.add(reads[k]!, 4 * offset),
      rowOffset(index, ofShape(loop.shape), ofShape(strides)),
    ),
  );
  const total = f.local("v128", start);
  foldAxes(
    f,
    { loop, fold: { start, fold } },
    folded.slice(0, -1),
    { reads: starts, sums: [total] },
    (pointers, [sum]) =>
      foldRow(f, { ...reducing, fold: { start, fold } }, pointers, {
        sum: sum!,
        identity: ofFloats.start,
        widen: float64 ? (vector) => asFloat64(f, vector) : (vector) => vector,
      }),
  );
  storeFolded(f, i32.add(out, i32.shl(index, 2)), total, {
    fold,
    inFloat64: float64 !== undefined,
  });
}

/** The product of the first two and of the last two lanes, in float64. */
function asFloat64(f: FunctionBuilder, vector: V128): V128 {
  const x = f.let(vector);
  return f64x2.mul(f64x2.promoteLow(x), f64x2.promoteLow(v128.shuffle32(x, x, [2, 3, 2, 3])));
}

/** Folds the lanes of a vector and stores the result as one float32 or int32. */
function storeFolded(
  f: FunctionBuilder,
  address: Address,
  total: V128,
  { fold, inFloat64 }: { fold: (a: V128, b: V128) => V128; inFloat64: boolean },
): void {
  const pairs = f.let(fold(total, v128.shuffle32(total, total, [2, 3, 2, 3])));
  const folded = inFloat64
    ? f64x2.demote(pairs)
    : fold(pairs, v128.shuffle32(pairs, pairs, [1, 1, 1, 1]));
  f.storeLane(address, 0, folded);
}

interface RowFold {
  readonly sum: Local<"v128">;
  /** The neutral element of the row's own type. */
  readonly identity: V128;
  /** What is folded of a vector of the row. */
  readonly widen: (vector: V128) => V128;
}

/** Emits the fold of one row, which begins at the pointers, into `sum`. */
function foldRow(
  f: FunctionBuilder,
  { loop: { shape, inputs, body }, node, fold: { start, fold } }: Reducing,
  pointers: readonly Local<"address">[],
  { sum, identity, widen }: RowFold,
): void {
  const axis = shape.length - 1;
  const n = shape[axis]!;
  const strides = inputs.map((input) => input.strides[axis]!);
  const hoisted = hoist(f, body, strides, pointers);
  const evaluate = (single: boolean, element: number): V128 =>
    emitBody(f, body, stridedLoads(pointers, strides, { element, single }), [node], hoisted)(node);
  const add = (into: Local<"v128">, vector: V128): void => f.set(into, fold(into, widen(vector)));
  const i = f.local("i32");
  const addBlock = (count: number, [into]: readonly Local<"v128">[]): void => {
    const partial = partialSums(f, new Array<Local<"v128">>(accumulators).fill(into!), start);
    f.loop(i, 0, count, unrolledElements, () => {
      f.interleave(partial.map((part, k) => () => add(part, evaluate(false, 4 * k))));
      advance(f, pointers, strides, unrolledElements);
    });
    const [a, b, c, d] = partial as unknown as readonly [V128, V128, V128, V128];
    f.set(into!, fold(into!, fold(fold(a, b), fold(c, d))));
  };
  const unrolled = n - (n % unrolledElements);
  if (unrolled > 0)
    foldInBlocks(f, { start, fold }, { count: unrolled, shortest: shortestBlock }, [sum], addBlock);
  if (n - unrolled >= 4)
    f.loop(i, unrolled, n - (n % 4), 4, () => {
      add(sum, evaluate(false, 0));
      advance(f, pointers, strides, 4);
    });
  if (n % 4 > 0)
    f.loop(i, n - (n % 4), n, 1, () => {
      // Only the first lane is an element of the row.
      add(sum, v128.select(i32x4.lanes(-1, 0, 0, 0), evaluate(true, 0), identity));
      advance(f, pointers, strides, 1);
    });
}
