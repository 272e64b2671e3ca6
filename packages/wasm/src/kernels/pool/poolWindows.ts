import { strided, type FunctionBuilder, type I32, type Index, type Local } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { PoolSpec } from "@tenon/plan";
import { type Pool2dAttrs, windows } from "@tenon/tensor";

/** The sizes of a pooling. */
export interface Pool {
  readonly key: string;
  readonly images: number;
  /** Rows and columns of windows. */
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** Bytes of one image, and of its windows' results. */
  readonly imageBytes: number;
  readonly outputBytes: number;
  /** Cells in a whole window. */
  readonly cells: number;
  readonly attrs: Pool2dAttrs;
  /** Whether windows may reach beyond the image. */
  readonly clipped: boolean;
  /** Whether the code of a window's cells is unrolled. */
  readonly unrolled: boolean;
}

/** Windows of more cells get loops. */
const mostUnrolledCells = 16;

export function poolOf({ x, attrs }: PoolSpec): Pool {
  const [images, h, w, channels] = x as [number, number, number, number];
  const [rows, columns] = windows(attrs.image, attrs.window, attrs);
  const clippedAlong = (d: 0 | 1): boolean =>
    attrs.padding[d][0] > 0 ||
    ([rows, columns][d]! - 1) * attrs.strides[d] + attrs.window[d] > attrs.image[d];
  const clipped = clippedAlong(0) || clippedAlong(1);
  const cells = attrs.window[0] * attrs.window[1];
  return {
    key: [x, attrs.window, attrs.strides, attrs.padding]
      .map((list) => list.flat().join("x"))
      .join("/"),
    images,
    rows,
    columns,
    channels,
    attrs,
    imageBytes: 4 * h * w * channels,
    outputBytes: 4 * rows * columns * channels,
    cells,
    clipped,
    unrolled: !clipped && cells <= mostUnrolledCells,
  };
}

/** A cell of an image at run time, from a base that is known at run time. */
export interface Cell {
  /** Bytes from the start of all images: `base + offset`. */
  readonly base: I32;
  readonly offset: number;
  /** Its index in the image, row · width + column: `baseIndex + indexOffset`. */
  readonly baseIndex: I32;
  readonly indexOffset: number;
}

/** A window for which code is emitted. */
export interface Window {
  /** Bytes from the start of the first channel's result, of all images. */
  readonly output: I32;
  /** Its first cell within the image. */
  readonly first: {
    readonly base: I32;
    readonly index: I32;
    readonly row: I32;
    readonly column: I32;
  };
  /**
   * Emits code for every cell within the image, in row-major order. Unrolled code has `first.base`
   * as the base of all cells.
   */
  cells(visit: (cell: Cell) => void): void;
}

/**
 * Emits code for the windows in row `row` of image `image`, from left to right. `atOnce`: windows
 * of a visit, of which a row has to have a multiple; more than one only of unrolled pools.
 */
export function eachWindow(
  f: FunctionBuilder,
  pool: Pool,
  image: Local<"i32">,
  row: Local<"i32">,
  visit: (window: Window, ...next: readonly Window[]) => void,
  atOnce = 1,
): void {
  const { columns, channels, clipped } = pool;
  const { window, strides, padding, image: size } = pool.attrs;
  const cellBytes = 4 * channels;
  const bottom = f.local("i32");
  const right = f.local("i32");
  const output = f.local("i32");
  const base = f.local("i32");
  const index = f.local("i32");
  /** The extent of a window, [from, to), within the image. */
  const clip = (to: Local<"i32">, from: Local<"i32">, d: 0 | 1): void => {
    f.set(to, i32.add(from, window[d]));
    f.set(to, i32.min(to, size[d]));
    f.set(from, i32.max(from, 0));
  };
  const top = f.local("i32", i32.sub(i32.mul(row, strides[0]), padding[0][0]));
  if (clipped) clip(bottom, top, 0);
  f.set(output, strided(i32.mul(image, pool.outputBytes), row, columns * cellBytes));
  const left = f.local("i32");
  const next = (k: number): Window => {
    const nextBase = f.let(i32.add(base, k * strides[1] * cellBytes));
    const nextIndex = f.let(i32.add(index, k * strides[1]));
    return {
      output: f.let(i32.add(output, k * cellBytes)),
      first: { base: nextBase, index: nextIndex, row: top, column: i32.add(left, k * strides[1]) },
      cells: (visitCell) => unrolledCells(pool, nextBase, nextIndex, visitCell),
    };
  };
  f.for(0, columns, atOnce, (column) => {
    f.set(left, i32.sub(i32.mul(column, strides[1]), padding[1][0]));
    if (clipped) clip(right, left, 1);
    f.set(index, i32.add(i32.mul(top, size[1]), left));
    f.set(base, strided(i32.mul(image, pool.imageBytes), index, cellBytes));
    const first: Window = {
      output,
      first: { base, index, row: top, column: left },
      cells: pool.unrolled
        ? (visitCell) => unrolledCells(pool, base, index, visitCell)
        : (visitCell) =>
            f.for(top, clipped ? bottom : i32.add(top, window[0]), 1, (cellRow) => {
              const rowIndex = f.let(i32.add(i32.mul(cellRow, size[1]), left));
              const rowBase = f.let(strided(i32.mul(image, pool.imageBytes), rowIndex, cellBytes));
              f.for(left, clipped ? right : i32.add(left, window[1]), 1, () => {
                visitCell({ base: rowBase, offset: 0, baseIndex: rowIndex, indexOffset: 0 });
                f.bump(rowBase, cellBytes);
                f.bump(rowIndex, 1);
              });
            }),
    };
    visit(first, ...Array.from({ length: atOnce - 1 }, (_, k) => next(k + 1)));
    f.bump(output, atOnce * cellBytes);
  });
}

function unrolledCells(
  { channels, attrs }: Pool,
  base: I32,
  baseIndex: I32,
  visit: (cell: Cell) => void,
): void {
  const width = attrs.image[1];
  for (let row = 0; row < attrs.window[0]; row++)
    for (let column = 0; column < attrs.window[1]; column++) {
      const indexOffset = row * width + column;
      visit({ base, offset: 4 * channels * indexOffset, baseIndex, indexOffset });
    }
}

/**
 * Emits code for the cells of an image that are to the right of windows that tile it, or below
 * them: bytes from the start of all images.
 */
export function eachCellOutside(
  f: FunctionBuilder,
  { rows, columns, channels, imageBytes, attrs }: Pool,
  image: Index,
  visit: (base: I32) => void,
): void {
  const [h, w] = attrs.image;
  const bottom = attrs.window[0] * rows;
  const right = attrs.window[1] * columns;
  const eachCell = (fromRow: number, untilRow: number, fromColumn: number): void => {
    if (fromRow >= untilRow || fromColumn >= w) return;
    f.for(fromRow, untilRow, 1, (row) =>
      f.for(fromColumn, w, 1, (column) => {
        const index = i32.add(i32.mul(row, w), column);
        visit(f.let(strided(i32.mul(image, imageBytes), index, 4 * channels)));
      }),
    );
  };
  eachCell(0, bottom, right);
  eachCell(bottom, h, 0);
}
