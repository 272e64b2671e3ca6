import type { Address, FunctionBuilder, I32, Local } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { ConvSpec } from "@tenon/plan";
import { windows } from "@tenon/tensor";
import { l2Bytes } from "../../../machine.js";
import type { Frame } from "../im2col/im2col.js";
import type { Size } from "./algebra.js";
import { classBits, classesOf, classOf, tilesOfClass, type EdgeSizes } from "./pointClasses.js";

/** Whether a convolution is 3 × 3 at stride 1 and its channels fill vectors. */
export function winogradFits({ x, w, attrs: { strides, dilation, groups } }: ConvSpec): boolean {
  const [kh, kw, c, o] = w as [number, number, number, number];
  return (
    kh === 3 &&
    kw === 3 &&
    groups === 1 &&
    [...strides, ...dilation].every((n) => n === 1) &&
    c % 8 === 0 &&
    o % 8 === 0 &&
    [...x, c, o].every((n) => n > 0)
  );
}

/** A convolution divided into tiles of 4 × 4 outputs, whose input patches are 6 × 6 cells. */
export interface TileGrid {
  readonly key: string;
  readonly images: number;
  readonly channels: number;
  readonly outputs: number;
  readonly image: readonly [number, number];
  readonly output: readonly [number, number];
  /** Rows and columns of tiles of one image. */
  readonly rows: number;
  readonly columns: number;
  /** Outputs, within the image, of the tiles in the last row and in the last column. */
  readonly last: readonly [Size, Size];
  /**
   * Whether whole images are transformed at a time. Then the last tiles are only as large as the
   * rest of the image; otherwise all tiles are 4 × 4.
   */
  readonly whole: boolean;
  readonly edges: EdgeSizes;
  /** Rows of tiles of all images. */
  readonly allRows: number;
  /** Rows of tiles that are transformed at a time: as many as stay in L2. */
  readonly rowsAtOnce: number;
  /** The padded copy of an image, if patches extend beyond it. Sizes in bytes. */
  readonly frame: Frame;
  readonly padded: boolean;
  readonly paddedBytes: number;
  readonly imageBytes: number;
  /** Bytes from one row of cells to the next. */
  readonly cellRowBytes: number;
}

export function tileGrid({ x, w, attrs }: ConvSpec): TileGrid {
  const output = windows(attrs.image, attrs.kernel, attrs);
  const image = attrs.image;
  const [, , channels, outputs] = w as [number, number, number, number];
  const images = x[0]!;
  const rows = Math.ceil(output[0] / 4);
  const columns = Math.ceil(output[1] / 4);
  const last = [output[0] - 4 * (rows - 1), output[1] - 4 * (columns - 1)] as [Size, Size];
  const bytesPerRow = 36 * 4 * (channels + outputs) * columns;
  const rowsAtOnce = Math.max(1, Math.floor(l2Bytes / bytesPerRow));
  const whole = rowsAtOnce >= rows;
  const edges: EdgeSizes = whole ? { row: last[0], column: last[1] } : { row: 4, column: 4 };
  const reach = [4 * (rows - 1) + edges.row + 2, 4 * (columns - 1) + edges.column + 2] as const;
  const before = [attrs.padding[0][0], attrs.padding[1][0]] as const;
  const padded = before.some((n) => n > 0) || reach[0] > image[0] || reach[1] > image[1];
  const cellRowBytes = 4 * channels * (padded ? reach[1] : image[1]);
  return {
    key: [x, w, attrs.padding.flat()].map((list) => list.join("x")).join("/"),
    images,
    channels,
    outputs,
    image,
    output,
    rows,
    columns,
    last,
    whole,
    edges,
    padded,
    cellRowBytes,
    rowsAtOnce,
    allRows: images * rows,
    frame: {
      key: `${image.join("x")}/${reach.join("x")}/${before.join("x")}/${channels}`,
      image,
      reach,
      before,
      padded,
      c: channels,
    },
    paddedBytes: padded ? reach[0] * cellRowBytes : 0,
    imageBytes: 4 * image[0] * image[1] * channels,
  };
}

/** Rows of tiles of all images, [first, end). */
export interface TileRows {
  readonly first: Local<"i32">;
  readonly end: Local<"i32">;
}

/**
 * For each class of points the address of the next tile's values at the first point. At each point
 * the values of all tiles that use it are contiguous.
 */
export type ClassPointers = readonly Local<"address">[];

export const pointersFrom = (f: FunctionBuilder, start: Address): ClassPointers =>
  [0, 1, 2, 3].map(() => f.let(start));

/** The tiles of one row. */
export interface RowOfTiles {
  readonly row: I32;
  readonly pointers: ClassPointers;
  /** Values of a cell, and of a point. */
  readonly channels: number;
  /** The cells of the next tile. */
  readonly cells: Local<"address">;
}

/** One tile: its size, the part of it within the output, the pointers of its classes of points. */
export interface Tile {
  readonly size: readonly [Size, Size];
  readonly within: readonly [Size, Size];
  readonly pointers: ClassPointers;
}

/** Emits code for each tile of a row; then pointers and cells move to the next. */
export function eachTile(
  f: FunctionBuilder,
  { rows, columns, last, edges, whole }: TileGrid,
  { row, pointers, channels, cells }: RowOfTiles,
  visit: (tile: Tile) => void,
): void {
  const visitTile = (height: Size, width: Size): void => {
    const size: readonly [Size, Size] = whole ? [height, width] : [4, 4];
    const used = classesOf(edges, size).map((pointClass) => pointers[pointClass]!);
    visit({ size, within: [height, width], pointers: used });
    used.forEach((pointer) => f.bump(pointer, 4 * channels));
    f.bump(cells, 16 * channels);
  };
  const visitRow = (height: Size): void => {
    f.for(0, columns - 1, 1, () => visitTile(height, 4));
    visitTile(height, last[1]);
  };
  if (last[0] === 4) visitRow(4);
  else
    f.if(
      i32.eq(row, rows - 1),
      () => visitRow(last[0]),
      () => visitRow(4),
    );
}

/** The number of tiles of some rows that use a point; both are known when the code runs. */
export function tilesOfPoint(
  f: FunctionBuilder,
  { rows, columns, edges }: TileGrid,
  point: I32,
  { first, end }: TileRows,
): I32 {
  const tileRows = f.let(i32.sub(end, first));
  const bits = classBits(edges, point);
  // Only whole images have smaller tiles: of `rows` rows, one is the last.
  return i32.mul(
    i32.sub(tileRows, i32.mul(bits.row, i32.divU(tileRows, rows))),
    i32.sub(columns, bits.column),
  );
}

/** For each class of points the number of tiles that use it, among `tileRows` rows of tiles. */
export function tilesOfClasses(
  { rows, columns, edges, whole }: TileGrid,
  tileRows: number,
): readonly { readonly pointClass: number; readonly tiles: number }[] {
  return classesOf(edges, [4, 4]).map((pointClass) => ({
    pointClass,
    tiles: whole
      ? tilesOfClass(pointClass, { images: tileRows / rows, rows, columns })
      : tileRows * columns,
  }));
}

/** Multiplications at all points, for `tileRows` rows of tiles. */
export function productsOf(grid: TileGrid, tileRows: number): number {
  const tiles = new Map(
    tilesOfClasses(grid, tileRows).map(({ pointClass, tiles }) => [pointClass, tiles]),
  );
  const axis = [0, 1, 2, 3, 4, 5];
  const perChannel = axis
    .flatMap((down) => axis.map((across) => tiles.get(classOf(grid.edges, down, across))!))
    .reduce((sum, n) => sum + n, 0);
  return grid.channels * grid.outputs * perChannel;
}

/**
 * Bytes from one of 36 points to the next, for `tiles` tiles of `values` values each: an odd number
 * of cache lines, so that the points of one tile are in different sets of the cache.
 */
export const pointStrideOf = (tiles: number, values: number): number =>
  64 * (Math.ceil((4 * tiles * values) / 64) | 1);

/** What a kernel that transforms some rows of tiles at a time keeps in scratch. Sizes in bytes. */
export interface TileScratch {
  /** From one of 36 points to the next of transformed images (V), and of outputs (M). */
  readonly vStride: number;
  readonly mStride: number;
  /** Of V, M, and the padded image. */
  readonly bytes: number;
}

export function tileScratch(grid: TileGrid, tileRows: number): TileScratch {
  const vStride = pointStrideOf(tileRows * grid.columns, grid.channels);
  const mStride = pointStrideOf(tileRows * grid.columns, grid.outputs);
  return { vStride, mStride, bytes: 36 * (vStride + mStride) + grid.paddedBytes };
}
