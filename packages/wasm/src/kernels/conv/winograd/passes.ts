import {
  i32,
  strided,
  type Address,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import { padImage } from "../im2col/im2col.js";
import {
  eachTile,
  eachTileRow,
  pointersFrom,
  type ClassPointers,
  type TileGrid,
  type TileRows,
} from "./tileGrid.js";
import {
  addToImage,
  transformGradients,
  transformImage,
  transformOutputs,
} from "./tileTransforms.js";

/** A transform of all tiles of some rows. */
export interface Pass {
  readonly module: ModuleBuilder;
  readonly f: FunctionBuilder;
  readonly grid: TileGrid;
  /** Bytes from one of 36 points to the next. */
  readonly pointStride: number;
  readonly rows: TileRows;
}

/** A padded copy of an image. */
export interface PaddedCopy {
  readonly address: Local<"address">;
  /** The index of the image, or -1. */
  readonly image: Local<"i32">;
}

/** V = Bᵀ d B. */
export function imagesToPoints(
  { module, f, grid, pointStride, rows }: Pass,
  { v, x, copy }: { readonly v: Address; readonly x: Address; readonly copy: PaddedCopy },
): void {
  const { channels, edges, cellRowBytes } = grid;
  const pointers = pointersFrom(f, v);
  eachTileRow(f, grid, rows, (image, row) => {
    const cells = f.let(strided(x, image, grid.imageBytes));
    if (grid.padded) {
      f.if(i32.ne(image, copy.image), () =>
        f.call(padImage(module, grid.frame), copy.address, cells),
      );
      f.set(copy.image, image);
      f.set(cells, copy.address);
    }
    f.bump(cells, i32.mul(row, 4 * cellRowBytes));
    const tiles = {
      row,
      pointers,
      pointBytes: 4 * channels,
      cells,
      cellStride: 16 * channels,
    };
    eachTile(f, grid, tiles, ({ size, pointers }) => {
      const spec = { size, edges, channels, pointStride, cellRowStride: cellRowBytes };
      f.call(transformImage(module, spec), ...pointers, cells);
    });
  });
}

/** dM = A dy Aᵀ. */
export function gradientsToPoints(
  pass: Pass,
  { m, dy }: { readonly m: Address; readonly dy: Address },
): void {
  eachOutputTile(pass, { m, outputs: dy }, transformGradients);
}

/** y = Aᵀ M A. */
export function pointsToOutputs(
  pass: Pass,
  { m, y }: { readonly m: Address; readonly y: Address },
): void {
  eachOutputTile(pass, { m, outputs: y }, transformOutputs);
}

function eachOutputTile(
  { module, f, grid, pointStride, rows }: Pass,
  { m, outputs }: { readonly m: Address; readonly outputs: Address },
  transform: typeof transformOutputs,
): void {
  const channels = grid.outputs;
  const pointers = pointersFrom(f, m);
  const cellRowStride = 4 * grid.output[1] * channels;
  eachTileRow(f, grid, rows, (image, row) => {
    const cellRow = strided(i32.mul(image, grid.output[0]), row, 4);
    const cells = f.let(strided(outputs, cellRow, cellRowStride));
    const tiles = {
      row,
      pointers,
      pointBytes: 4 * channels,
      cells,
      cellStride: 16 * channels,
    };
    eachTile(f, grid, tiles, ({ size, within, pointers }) => {
      const spec = { size, edges: grid.edges, channels, pointStride, cellRowStride };
      f.call(transform(module, spec, within), ...pointers, cells);
    });
  });
}

/**
 * dx += B dV Bᵀ for rows of tiles of one image, or of its padded copy. The pointers move to the
 * next tiles.
 */
export function pointsToImage(
  { module, f, grid, pointStride, rows }: Pass,
  { image, pointers }: { readonly image: Address; readonly pointers: ClassPointers },
): void {
  const { channels, edges, cellRowBytes } = grid;
  eachTileRow(f, grid, rows, (_, row) => {
    const cells = f.let(strided(image, row, 4 * cellRowBytes));
    const tiles = {
      row,
      pointers,
      pointBytes: 4 * channels,
      cells,
      cellStride: 16 * channels,
    };
    eachTile(f, grid, tiles, ({ size, pointers }) => {
      const spec = { size, edges, channels, pointStride, cellRowStride: cellRowBytes };
      f.call(addToImage(module, spec), ...pointers, cells);
    });
  });
}
