import {
  strided,
  type Address,
  type FunctionBuilder,
  type I32,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { packedPanels } from "../../gemm/panels.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { rowBlocks } from "../rowBlocks.js";
import type { imagesOf } from "../im2col/im2col.js";
import { kernelPointStride } from "./kernelTransforms.js";
import {
  eachTile,
  pointersFrom,
  tileScratch,
  tilesOfClasses,
  tilesOfPoint,
  type ClassPointers,
  type TileGrid,
  type TileRows,
  type TileScratch,
} from "./tileGrid.js";
import {
  addToImage,
  transformGradients,
  transformImage,
  transformOutputs,
} from "./tileTransforms.js";

/** The code of a kernel that transforms some rows of tiles at a time, and its scratch memory. */
export interface TileCode extends TileScratch {
  readonly module: ModuleBuilder;
  readonly f: FunctionBuilder;
  readonly grid: TileGrid;
  readonly v: Local<"address">;
  readonly m: Local<"address">;
  /** Room for a padded copy of an image. */
  readonly copy: Local<"address">;
}

export function tileCode(
  module: ModuleBuilder,
  f: FunctionBuilder,
  grid: TileGrid,
  tileRows: number,
  v: Local<"address">,
): TileCode {
  const scratch = tileScratch(grid, tileRows);
  const m = f.let(i32.add(v, 36 * scratch.vStride));
  const copy = f.let(i32.add(m, 36 * scratch.mStride));
  return { ...scratch, module, f, grid, v, m, copy };
}

/** V = Bᵀ d B for the images at `imageAt`, or their padded copies. */
export function imagesToPoints(
  code: TileCode,
  rows: TileRows,
  imageAt: ReturnType<typeof imagesOf>,
): void {
  const { f, grid, vStride } = code;
  const { channels, cellRowBytes } = grid;
  const values = { pointers: pointersFrom(f, code.v), pointStride: vStride, channels };
  const cellsOf = (image: Local<"i32">, row: I32): Local<"address"> => {
    const cells = imageAt(image);
    f.bump(cells, i32.mul(row, 4 * cellRowBytes));
    return cells;
  };
  transformTiles(code, rows, { ...values, cellRowStride: cellRowBytes, cellsOf }, transformImage);
}

/** dM = A dy Aᵀ. */
export const gradientsToPoints = (code: TileCode, rows: TileRows, dy: Address): void =>
  transformOutputTiles(code, rows, dy, transformGradients);

/** y = Aᵀ M A. */
export const pointsToOutputs = (code: TileCode, rows: TileRows, y: Address): void =>
  transformOutputTiles(code, rows, y, transformOutputs);

function transformOutputTiles(
  code: TileCode,
  rows: TileRows,
  outputs: Address,
  transform: typeof transformOutputs,
): void {
  const { f, grid, m, mStride } = code;
  const channels = grid.outputs;
  const [height, width] = grid.output;
  const cellRowStride = 4 * width * channels;
  const values = { pointers: pointersFrom(f, m), pointStride: mStride, channels };
  const cellsOf = (image: I32, row: I32): Local<"address"> =>
    f.let(strided(outputs, strided(i32.mul(image, height), row, 4), cellRowStride));
  transformTiles(code, rows, { ...values, cellRowStride, cellsOf }, transform);
}

/**
 * dx += B dV Bᵀ for rows of tiles of one image, or of its padded copy. The pointers to dV move to
 * the next tiles.
 */
export function pointsToImage(
  code: TileCode,
  rows: TileRows,
  image: Address,
  pointers: ClassPointers,
): void {
  const { f, grid, vStride } = code;
  const { channels, cellRowBytes } = grid;
  const values = { pointers, pointStride: vStride, channels };
  const cellsOf = (_: I32, row: I32): Local<"address"> =>
    f.let(strided(image, row, 4 * cellRowBytes));
  transformTiles(code, rows, { ...values, cellRowStride: cellRowBytes, cellsOf }, addToImage);
}

/** Where the values of tiles are at points and in cells. Strides in bytes. */
interface TileValues {
  readonly pointers: ClassPointers;
  readonly pointStride: number;
  readonly channels: number;
  readonly cellRowStride: number;
  /** The cells of the first tile of a row of an image. */
  readonly cellsOf: (image: Local<"i32">, row: Local<"i32">) => Local<"address">;
}

/** Emits a transform of all tiles of some rows. */
function transformTiles(
  { module, f, grid }: TileCode,
  { first, end }: TileRows,
  { pointers, pointStride, channels, cellRowStride, cellsOf }: TileValues,
  transform: typeof transformOutputs,
): void {
  const { edges } = grid;
  f.for(first, end, 1, (tileRow) => {
    const image = f.let(i32.divU(tileRow, grid.rows));
    const row = f.let(i32.remU(tileRow, grid.rows));
    const cells = cellsOf(image, row);
    eachTile(f, grid, { row, pointers, channels, cells }, ({ size, within, pointers: used }) => {
      const spec = { size, edges, channels, pointStride, cellRowStride };
      f.call(transform(module, spec, within), ...used, cells);
    });
  });
}

/**
 * A function that emits C[tiles, n] = A[tiles, k] · U[k, n] at one of 36 points, for some rows of
 * tiles, of which there are as many as `counts` has elements.
 */
export function timesKernel(
  { module, f, grid }: TileCode,
  u: Address,
  [k, n]: readonly [number, number],
  counts: readonly number[],
): (rows: TileRows, point: I32, c: Address, a: Address) => void {
  const panels = packedPanels(n, k, module.features);
  const product: Product = {
    panels,
    blocks: rowBlocks(panels),
    aRowStride: 4 * k,
    cRowStride: 4 * n,
    rows: counts.flatMap((count) => tilesOfClasses(grid, count).map(({ tiles }) => tiles)),
  };
  return (rows, point, c, a) =>
    multiplyAll(module, f, product, {
      c,
      a,
      b: strided(u, point, kernelPointStride(grid)),
      rows: tilesOfPoint(f, grid, point, rows),
    });
}
