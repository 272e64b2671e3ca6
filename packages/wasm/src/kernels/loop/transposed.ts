import { strided, type Address, type FunctionBuilder, type Index, type V128 } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { sizeOf, stridesOf } from "@tenon/tensor";
import { workItemElements } from "../../machine.js";
import { advance, loadStrided, rowOffset } from "./addressing.js";
import { hoist } from "./hoist.js";
import { collapsed, elementwise, loopKernel, type EmitItems } from "./elementwise.js";
import type { Loop, LoopInput } from "./loop.js";
import type { Kernel } from "../kernel.js";
import { transposed } from "../shared/transposed.js";
import { eachUnit } from "../shared/workItems.js";
import { emitRow, emitVector, type Row } from "./row.js";

/** Rows of the result that are computed together, because some input is contiguous across them. */
interface Tile {
  /** The axis on which the rows are adjacent. */
  readonly axis: number;
  readonly rows: number;
}

/**
 * The tile of a loop with a transposed input, one that is strided along the last axis and
 * contiguous along another: it is read in squares of 4 × 4, which are transposed in registers.
 */
function tileOf({ shape, inputs, body }: Loop): Tile | undefined {
  const last = shape.length - 1;
  const cost = body.filter((node) => "args" in node).length;
  // An expensive body gains nothing, and its code would be long.
  if (shape[last]! < 4 || cost > 8) return undefined;
  for (const { strides } of inputs) {
    if (Math.abs(strides[last]!) <= 1) continue;
    const axis = strides.findIndex((stride, k) => stride === 1 && k < last && shape[k]! >= 4);
    if (axis >= 0) return { axis, rows: shape[axis]! >= 8 ? 8 : 4 };
  }
  return undefined;
}

/**
 * An elementwise loop, in tiles where an input is transposed and nothing is checked. A tile counts
 * as a row.
 */
export function elementwiseInTiles(given: Loop): Kernel {
  const loop = collapsed(given);
  const { shape, checks = [] } = loop;
  const tile = checks.length > 0 ? undefined : tileOf(loop);
  if (!tile) return elementwise(given);
  const inner = shape[shape.length - 1]!;
  const outer = shape
    .slice(0, -1)
    .map((n, axis) => (axis === tile.axis ? Math.ceil(n / tile.rows) : n));
  const perItem = Math.max(1, Math.ceil(workItemElements / (inner * tile.rows)));
  return loopKernel(loop, "", { perItem, count: sizeOf(outer) }, emitTiles(tile, outer));
}

/**
 * Emits the tiles of some work items.
 *
 * @param outer the shape without its last axis, with tiles in place of a tile's rows
 */
const emitTiles =
  (tile: Tile, outer: readonly number[]): EmitItems =>
  (f, { shape, inputs }, row, { writes, reads, range, cut }) => {
    const strides = stridesOf(shape);
    const perTile = (strides: readonly number[]): number[] =>
      outer.map((_, axis) => strides[axis]! * (axis === tile.axis ? tile.rows : 1));
    const loop = { tile, shape, outer, inputs, row, rowElements: strides[tile.axis]! };
    eachUnit(f, range, cut, (index) => {
      const offset = rowOffset(index, outer, perTile(strides));
      writes.forEach((pointer, k) => f.set(row.writes[k]!, i32.add(pointer, offset)));
      inputs.forEach((input, k) => {
        const from = rowOffset(index, outer, perTile(input.strides));
        f.set(row.reads[k]!, i32.add(reads[k]!, from));
      });
      emitTile(f, loop, index);
    });
  };

/** A loop in tiles, and its row at the tile's first row. */
interface TiledLoop {
  readonly tile: Tile;
  readonly shape: readonly number[];
  readonly outer: readonly number[];
  readonly inputs: readonly LoopInput[];
  readonly row: Row;
  /** Elements from one row of a tile to the next in the results. */
  readonly rowElements: number;
}

/** Emits tile `index` of a loop; the rows of a last tile that is not full one by one. */
function emitTile(f: FunctionBuilder, loop: TiledLoop, index: Index): void {
  const { tile, shape, outer, inputs, row, rowElements } = loop;
  const rowsOfLast = shape[tile.axis]! % tile.rows;
  const full = (): void => emitFullTile(f, loop);
  if (rowsOfLast === 0) return full();
  const inner = sizeOf(outer.slice(tile.axis + 1));
  const tileOnAxis = i32.remU(i32.divU(index, inner), outer[tile.axis]!);
  f.if(i32.ltU(tileOnAxis, outer[tile.axis]! - 1), full, () => {
    const writes = row.writes.map((pointer) => f.let(pointer));
    const reads = row.reads.map((pointer) => f.let(pointer));
    f.for(0, rowsOfLast, 1, (k) => {
      // A row leaves its pointers at its end.
      row.writes.forEach((pointer, i) => f.set(pointer, strided(writes[i]!, k, 4 * rowElements)));
      row.reads.forEach((pointer, i) =>
        f.set(pointer, strided(reads[i]!, k, 4 * inputs[i]!.strides[tile.axis]!)),
      );
      emitRow(f, shape[shape.length - 1]!, row);
    });
  });
}

function emitFullTile(
  f: FunctionBuilder,
  { tile, shape, inputs, row, rowElements }: TiledLoop,
): void {
  const { body, strides, writes, reads } = row;
  const n = shape[shape.length - 1]!;
  const wholeVectors = n - (n % 4);
  const rowStrides = inputs.map((input) => input.strides[tile.axis]!);
  const rowAddress = (input: number, rowOfTile: number): Address =>
    i32.add(reads[input]!, 4 * rowOfTile * rowStrides[input]!);
  const rows = Array.from({ length: tile.rows }, (_, k) => k);
  const hoisted = rows.map((k) =>
    hoist(
      f,
      body,
      strides,
      reads.map((_, input) => rowAddress(input, k)),
    ),
  );
  const isTransposed = inputs.map((_, k) => Math.abs(strides[k]!) > 1 && rowStrides[k] === 1);
  const emitColumns = (single: boolean): void => {
    const squares = inputs.map((_, k) =>
      isTransposed[k] && !single ? loadTransposed(f, reads[k]!, strides[k]!, tile.rows) : [],
    );
    for (const rowOfTile of rows) {
      const load = (input: number): V128 =>
        squares[input]![rowOfTile] ??
        loadStrided(rowAddress(input, rowOfTile), strides[input]!, single);
      const offset = 4 * rowOfTile * rowElements;
      emitVector(f, row, hoisted[rowOfTile]!, load, { single, offset });
    }
    const elements = single ? 1 : 4;
    writes.forEach((pointer) => f.bump(pointer, 4 * elements));
    advance(f, reads, strides, elements);
  };
  f.for(0, wholeVectors, 4, () => emitColumns(false));
  f.for(wholeVectors, n, 1, () => emitColumns(true));
}

/**
 * Loads four columns of `rows` contiguous elements, `stride` elements from one column to the next;
 * gives for each row its four elements.
 */
function loadTransposed(
  f: FunctionBuilder,
  address: Address,
  stride: number,
  rows: number,
): V128[] {
  return Array.from({ length: rows / 4 }, (_, square) => {
    const columns = [0, 1, 2, 3].map((column) =>
      f.let(v128.load(i32.add(address, 4 * column * stride), 16 * square)),
    );
    return transposed(f, columns).map((row) => f.let(row));
  }).flat();
}
