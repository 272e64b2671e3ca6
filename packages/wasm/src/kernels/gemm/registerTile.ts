import type { FunctionBuilder, FunctionIndex, Local, ModuleBuilder, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { longestSegment } from "../shared/sumOrder.js";
import { multiplyAdd } from "./multiplyAdd.js";
import { addSegments, forEachSum, type Sums } from "./segments.js";
import { storeLanes } from "../shared/segment.js";

/**
 * What becomes of C: it is overwritten, its values are the start of the sums, or the sums start
 * from zero and are added to it at the end.
 */
export type Accumulate = "overwrite" | "continue" | "add";

/**
 * A block C[rows, columns] of a product A·B whose sums stay in registers. Strides are in bytes and
 * known when the code is emitted.
 */
export interface RegisterTile {
  readonly rows: number;
  readonly columns: number;
  /** From one row of A to the next. */
  readonly aRowStride: number;
  /** From one k to the next in A. */
  readonly aStride: number;
  /** From one k to the next in B; the columns of a tile are contiguous. */
  readonly bStride: number;
  /** From one row of C to the next. */
  readonly cRowStride: number;
  readonly accumulate: Accumulate;
  /** The number of products in a sum. */
  readonly k: number;
}

/** The innermost function of every product, (c, a, b, end of b) → (): see `emitRegisterTile`. */
export function registerTile(module: ModuleBuilder, tile: RegisterTile): FunctionIndex {
  const key = `tile/${JSON.stringify(tile)}`;
  return module.func(
    key,
    { c: "address", a: "address", b: "address", end: "address" },
    (f, operands) => emitRegisterTile(module, f, tile, operands),
  );
}

/** The operands of a tile; the code moves `a` and `b`. */
export interface TileAddresses {
  readonly c: Local<"address">;
  readonly a: Local<"address">;
  readonly b: Local<"address">;
  /** The end of B; k is at least 1. */
  readonly end: Local<"address">;
}

/**
 * Emits the product of one tile. All sums stay in registers while k runs, so 4 × 8 is as large as a
 * tile may be: 8 sums, 2 vectors of B, one value of A and a temporary fit into the 15 registers
 * that V8 allocates; 4 × 16 where registers have 256 bits. Each sum is added up in the order of k,
 * a long one in segments (see `longestSegment`).
 */
export function emitRegisterTile(
  module: ModuleBuilder,
  f: FunctionBuilder,
  tile: RegisterTile,
  addresses: TileAddresses,
): void {
  const { rows, columns, cRowStride, accumulate } = tile;
  const { c, b, end } = addresses;
  const vectors = Math.ceil(columns / 4);
  const zeros = (): Sums => Array.from({ length: rows }, () => f.locals("v128", vectors));
  const sums = zeros();
  forEachSum(sums, (sum, row, vector) =>
    f.set(
      sum,
      accumulate === "continue" ? v128.load(c, row * cRowStride + 16 * vector) : f32x4.const(0),
    ),
  );
  const addUntil = addProducts(module, f, tile, addresses, sums);
  if (tile.k > longestSegment)
    addSegments(f, { at: b, end, step: tile.bStride }, [sums, zeros(), zeros()], addUntil);
  else addUntil(end);
  forEachSum(sums, (sum, row, vector) => {
    const offset = row * cRowStride + 16 * vector;
    const result = accumulate === "add" ? f32x4.add(v128.load(c, offset), sum) : sum;
    storeLanes(f, c, result, Math.min(4, columns - 4 * vector), offset);
  });
}

/** A function that emits the loop over k: it adds products to the sums until B is at an address. */
function addProducts(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { rows, columns, aRowStride, aStride, bStride, k }: RegisterTile,
  { a, b }: TileAddresses,
  sums: Sums,
): (until: Local<"address">) => void {
  // More than two steps per turn gain up to a seventh if k is small and V8 needs no tests to keep
  // to its registers, and lose a fifth at k = 512 (`bench/gemm`).
  const unroll = module.features.vectors256 && k <= 128 && k % 8 < 1 ? 8 : 2;
  const bVectors = f.locals("v128", rows > 1 ? Math.ceil(columns / 4) : 0);
  const aValue = f.local("v128");
  return (until) =>
    f.repeat((again, exit) => {
      for (let step = 0; step < unroll; step++) {
        const bVector = (vector: number): V128 => v128.load(b, step * bStride + 16 * vector);
        bVectors.forEach((local, vector) => f.set(local, bVector(vector)));
        for (let row = 0; row < rows; row++) {
          f.set(aValue, v128.loadSplat(a, step * aStride + row * aRowStride));
          sums[row]!.forEach((sum, vector) =>
            f.set(sum, multiplyAdd(module, sum, aValue, bVectors[vector] ?? bVector(vector))),
          );
        }
        // The test also starts a new basic block. Without it, V8 before version 13 loads the A of
        // all steps at once and runs out of registers.
        if (step < 1 && unroll < 8) f.jumpIf(i32.eq(i32.add(b, bStride), until), exit);
      }
      f.bump(a, unroll * aStride);
      f.bump(b, unroll * bStride);
      f.jumpIf(i32.ltU(b, until), again);
    });
}
