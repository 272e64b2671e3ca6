import type { I32 } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { points, type Size } from "./algebra.js";

/**
 * The sizes of the tiles in the last row and in the last column of an image. Smaller tiles use
 * fewer of the 36 points, so there are up to four classes of points: those that all tiles use, that
 * all but the last column use, all but the last row, all but both.
 */
export interface EdgeSizes {
  readonly row: Size;
  readonly column: Size;
}

/**
 * The class of point (down, across). Bit 0: tiles in the last column do not use it; bit 1: those in
 * the last row do not.
 */
export const classOf = ({ row, column }: EdgeSizes, down: number, across: number): number =>
  2 * Number(!points(row).includes(down)) + Number(!points(column).includes(across));

/** The classes of the points that a tile of a size uses. */
export function classesOf(edges: EdgeSizes, [height, width]: readonly [Size, Size]): number[] {
  return [
    ...new Set(
      points(height).flatMap((down) => points(width).map((across) => classOf(edges, down, across))),
    ),
  ].sort();
}

/** The number of tiles that use a class of points, of images of `rows` × `columns` tiles. */
export const tilesOfClass = (
  pointClass: number,
  { images, rows, columns }: Readonly<Record<"images" | "rows" | "columns", number>>,
): number => images * (rows - (pointClass >> 1)) * (columns - (pointClass & 1));

/** The bits of `classOf` for a point that is known when the code runs. */
export function classBits(
  { row, column }: EdgeSizes,
  point: I32,
): { readonly row: I32; readonly column: I32 } {
  // A smaller tile does not use the points from its size + 1 up to 4.
  const unused = (index: I32, size: Size): I32 =>
    size === 4 ? i32.const(0) : i32.and(i32.geS(index, size + 1), i32.leS(index, 4));
  return { row: unused(i32.divU(point, 6), row), column: unused(i32.remU(point, 6), column) };
}
