import type {
  FunctionBuilder,
  FunctionIndex,
  Index,
  Local,
  ModuleBuilder,
  V128,
} from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as f64x2 from "@tenon/emit/f64x2";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { emitBody } from "../loop/body.js";
import { bodyKey, type Loop } from "../loop/loop.js";
import { addresses } from "../shared/workItems.js";

/** Sums of squares that are smaller may have lost what matters in underflow. */
const leastSquares = 2 ** -60;

/**
 * Rows that are summed separately: so few that a variance loses no more than the square of the mean
 * has over it, and then as many of these blocks.
 */
const blocksOfRows = [1024, 32];

/** The variables of a function that summarizes columns. */
interface Given {
  /**
   * Where the first figure of the first column is stored, and bytes from one figure to the next.
   */
  readonly out: Local<"address">;
  readonly figure: Local<"i32">;
  readonly rows: Local<"i32">;
  /** Bytes from one row to the next, and where the first column of each input begins. */
  readonly stride: Local<"i32">;
  readonly reads: readonly Local<"address">[];
}

/** Emits how columns are summarized. */
interface Columns extends Given {
  /** The elements of vector k in a row, where the first column of each input is at its pointer. */
  at(pointers: readonly Local<"address">[], k: number): Local<"v128">;
  /** Stores a figure of vector k. */
  store(figure: V128, row: number, k: number): void;
}

/**
 * The function that stores the figures of 16, 4 or 1 columns of an expression, whatever the number
 * of rows; its parameters are those of `Given`. Nearly always one pass of float32 is enough.
 * Vectors of which a column has squares that over- or underflowed, a standard deviation that is
 * small compared with its mean, or elements that are not finite, take another one of float64.
 */
export function summaryColumns(module: ModuleBuilder, loop: Loop, count: number): FunctionIndex {
  return columnsFunction(module, "summary", loop, count, (f, { at, store, ...given }) => {
    const sums = Array.from({ length: Math.ceil(count / 4) }, () => sumsOf(f));
    eachRow(f, given, sums, (pointers, into) =>
      into.forEach((ofVector, k) => {
        const x = at(pointers, k);
        // A mask is −1 where it is true.
        const isZero = i32x4.sub(i32x4.const(0), f32x4.eq(x, f32x4.const(0)));
        add(f, ofVector, [x, f32x4.mul(x, x), isZero]);
      }),
    );
    const n = f.let(f32x4.convert(i32x4.splat(given.rows)));
    sums.forEach(([elements, squares, zeros], k) => {
      const mean = f.let(f32x4.div(elements!, n));
      const meanSquare = f.let(f32x4.mul(mean, mean));
      const meanOfSquares = f32x4.div(squares!, n);
      const variance = f.let(f32x4.max(f32x4.sub(meanOfSquares, meanSquare), f32x4.const(0)));
      const ofZeros = f.let(f32x4.convert(zeros!));
      const figures = [mean, f32x4.sqrt(variance), ofZeros, f32x4.const(0)];
      figures.forEach((figure, row) => store(figure, row, k));
      const isRight = v128.and(
        v128.and(
          f32x4.lt(squares!, f32x4.const(Infinity)),
          f32x4.ge(squares!, f32x4.const(leastSquares)),
        ),
        f32x4.le(meanSquare, f32x4.mul(variance, f32x4.const(8))),
      );
      f.if(v128.any(v128.andnot(f32x4.ne(ofZeros, n), isRight)), () => {
        const { out, figure, rows, stride, reads } = given;
        const [to, ...from] = [out, ...reads].map((pointer) => i32.add(pointer, 16 * k));
        const exact = exactColumns(module, loop, Math.min(count, 4));
        f.call(exact, to!, figure, rows, stride, ...from);
      });
    });
  });
}

/**
 * The same for 4 columns or one, in float64, for all finite elements, but for the number of zeros:
 * differences from the first row are summed. Where an element is not finite, mean and standard
 * deviation are NaN.
 */
function exactColumns(module: ModuleBuilder, loop: Loop, count: number): FunctionIndex {
  return columnsFunction(module, "exactSummary", loop, count, (f, { at, store, ...given }) => {
    const halves = (x: V128): V128[] =>
      [x, v128.shuffle32(x, x, [2, 3, 2, 3])].map((half) => f.let(f64x2.promoteLow(half)));
    const pivots = halves(at(given.reads, 0));
    const sums = pivots.map(() => [f.local("v128"), f.local("v128")] as const);
    const nonFinite = f.local("v128");
    eachRow(f, given, [], (pointers) => {
      const x = at(pointers, 0);
      halves(x).forEach((half, h) => {
        const [differences, squares] = sums[h]!;
        const difference = f.let(f64x2.sub(half, pivots[h]!));
        f.set(differences, f64x2.add(differences, difference));
        f.set(squares, f64x2.add(squares, f64x2.mul(difference, difference)));
      });
      const isNonFinite = f32x4.ne(f32x4.sub(x, x), f32x4.const(0));
      f.set(nonFinite, i32x4.sub(nonFinite, isNonFinite));
    });
    const n = f.let(f64x2.convertLow(i32x4.splat(given.rows)));
    const figures = sums.map(([differences, squares], h) => {
      const mean = f.let(f64x2.div(differences, n));
      const variance = f.let(f64x2.sub(f64x2.div(squares, n), f64x2.mul(mean, mean)));
      const nan = f64x2.mul(variance, f64x2.const(0));
      return [
        f64x2.add(f64x2.add(pivots[h]!, mean), nan),
        f64x2.sqrt(f64x2.max(variance, f64x2.const(0))),
      ].map(f64x2.demote);
    });
    for (const row of [0, 1]) {
      const [low, high] = figures.map((half) => half[row]!) as [V128, V128];
      store(v128.shuffle32(low, high, [0, 1, 4, 5]), row, 0);
    }
    store(f32x4.convert(nonFinite), 3, 0);
  });
}

function columnsFunction(
  module: ModuleBuilder,
  name: string,
  loop: Loop,
  count: number,
  emit: (f: FunctionBuilder, columns: Columns) => void,
): FunctionIndex {
  const reads = addresses(loop.inputs.length);
  const parameters = { out: "address", figure: "i32", rows: "i32", stride: "i32", reads } as const;
  const key = `${name}/${count} ${bodyKey(loop)}`;
  const [node] = loop.outputs as [number];
  return module.func(key, parameters, (f, given) =>
    emit(f, {
      ...given,
      at: (pointers, k) => {
        const load = (input: number): V128 =>
          count === 1 ? v128.loadZero(pointers[input]!) : v128.load(pointers[input]!, 16 * k);
        return f.let(emitBody(f, loop.body, load, [node])(node));
      },
      store(figure, row, k) {
        const to = i32.add(given.out, i32.mul(given.figure, row));
        if (count === 1) f.storeLane(to, 0, figure);
        else f.store("v128", to, figure, 16 * k);
      },
    }),
  );
}

/** Of four columns the sums of elements and of their squares, and how many are zero. */
type Sums = readonly Local<"v128">[];

const sumsOf = (f: FunctionBuilder): Sums => [0, 1, 2].map(() => f.local("v128", f32x4.const(0)));

const add = (f: FunctionBuilder, sums: Sums, values: readonly V128[]): void =>
  sums.forEach((sum, k) => f.set(sum, (k < 2 ? f32x4.add : i32x4.add)(sum, values[k]!)));

/**
 * Emits loops over the rows, in blocks of blocks; `emitRow` adds a row to the sums of its block.
 */
function eachRow(
  f: FunctionBuilder,
  { rows, stride, reads }: Given,
  sums: readonly Sums[],
  emitRow: (pointers: readonly Local<"address">[], into: readonly Sums[]) => void,
): void {
  const pointers = reads.map((read) => f.local("address", read));
  const inBlocks = (
    count: Index,
    [size, ...smaller]: readonly number[],
    into: readonly Sums[],
  ): void =>
    f.for(0, count, size ?? 1, (row) => {
      if (size === undefined) {
        emitRow(pointers, into);
        for (const pointer of pointers) f.bump(pointer, stride);
        return;
      }
      const partial = into.map(() => sumsOf(f));
      inBlocks(f.min(i32.sub(count, row), size), smaller, partial);
      into.forEach((ofVector, k) => add(f, ofVector, partial[k]!));
    });
  inBlocks(rows, blocksOfRows, sums);
}
