import { i32, type I32, type Index } from "@tenon/emit";
import { points, type Size } from "./winogradAlgebra.js";

/**
 * Tiles at the end of an image may be smaller and use fewer of the 36 places. So there are up to
 * four kinds of places: those that all tiles use, that all but the last column use, all but the
 * last row, all but both.
 */
export interface Kinds {
  /** The size of the tiles in the last row, in the last column. */
  readonly row: Size;
  readonly column: Size;
}

/** Bit 0: the last column of tiles does not use it; bit 1: the last row does not. */
export const kindOf = ({ row, column }: Kinds, down: number, across: number): number =>
  2 * Number(!points(row).includes(down)) + Number(!points(column).includes(across));

/** The kinds of places that a tile of this size uses. */
export function kindsOf(kinds: Kinds, height: Size, width: Size): number[] {
  return [
    ...new Set(
      points(height).flatMap((down) => points(width).map((across) => kindOf(kinds, down, across))),
    ),
  ].sort();
}

/**
 * How many tiles use a kind of place, of `images` whole images, each of so many rows and columns of
 * tiles.
 */
export const tilesOfKind = (kind: number, images: number, rows: number, columns: number): number =>
  images * (rows - (kind >> 1)) * (columns - (kind & 1));

/**
 * The same as `kindOf` for a place that is known when the code runs: its bit for rows, for columns.
 */
export function bitsOfPlace(
  { row, column }: Kinds,
  place: Index,
): { readonly row: I32; readonly column: I32 } {
  // Points that a smaller tile leaves out are those from its size + 1 up to 4.
  const left = (point: I32, size: Size): I32 =>
    size === 4 ? i32.const(0) : i32.and(i32.geS(point, size + 1), i32.leS(point, 4));
  return { row: left(i32.divU(place, 6), row), column: left(i32.remU(place, 6), column) };
}
