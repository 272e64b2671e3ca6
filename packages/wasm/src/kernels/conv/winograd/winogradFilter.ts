import { strided, type Address, type I32 } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { ConvSpec } from "@tenon/plan";
import { l2Bytes, partialSumsBytes } from "../../../machine.js";
import { clear, imagesOf } from "../im2col/im2col.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { gradientsToPoints, imagesToPoints, tileCode, type TileCode } from "./passes.js";
import { panelsInPlace, tileWidth } from "../../gemm/panels.js";
import { rowBlocks } from "../rowBlocks.js";
import { longestSegment } from "../../shared/sumOrder.js";
import { addedParts } from "../../reduce/sumParts.js";
import type { Accumulate } from "../../gemm/registerTile.js";
import { kernelPointBytes, kernelPointStride, transformKernelsBack } from "./kernelTransforms.js";
import { classBits } from "./pointClasses.js";
import {
  productsOf,
  tileGrid,
  tileScratch,
  tilesOfClasses,
  winogradFits,
  type TileGrid,
  type TileRows,
} from "./tileGrid.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Kernel, Stages } from "../../kernel.js";

/**
 * The batch is cut into at most this many parts, each with transformed gradients of its own, which
 * are four times as large as plain ones (`bench/conv`).
 */
const maxParts = 8;
const maxPartsBytes = 2 * partialSumsBytes;

/**
 * Sums at 36 points that are larger than this do not stay in L2 and cost more than the
 * multiplications they save (`bench/conv`).
 */
const maxSumsBytes = 2 * l2Bytes;

/**
 * Whether `winogradFilter` is faster than `conv2dFilter`: where `winograd` fits, unless both
 * channels and outputs are many.
 */
export function winogradFilterPays(spec: ConvSpec): boolean {
  return winogradFits(spec) && 36 * 4 * spec.w[2]! * spec.w[3]! <= maxSumsBytes;
}

/**
 * The gradient of a `winograd` convolution with respect to its kernel: Gᵀ[Σ over tiles of
 * (Bᵀ d B)ᵀ · (A dy Aᵀ)]G. Operands: 0 dw, 1 x, 2 dy.
 *
 * Parts of the batch, whose number depends on shapes only, are summed separately, tile after tile,
 * and then added in order.
 */
export function winogradFilter(spec: ConvSpec): Stages {
  const grid = tileGrid(spec);
  const parts = partsOf(grid);
  const sumBytes = 36 * kernelPointStride(grid);
  const products = partialGradients(grid, parts);
  const back = transformKernelsBack(grid);
  return {
    temporaries: [parts * sumBytes, sumBytes],
    stages: [
      { kernel: products, operands: [3, 1, 2] },
      ...addedParts(parts, sumBytes / 4, 4, 3),
      { kernel: back, operands: [0, parts > 1 ? 4 : 3] },
    ],
  };
}

/** The number of parts of the batch. */
export const partsOf = (grid: TileGrid): number =>
  Math.max(
    1,
    Math.min(maxParts, grid.images, Math.floor(maxPartsBytes / (36 * kernelPointBytes(grid)))),
  );

/** The rows of tiles that are transformed at a time, of parts of the batch. */
export interface Turns {
  readonly parts: number;
  readonly rowsAtOnce: number;
  /** The numbers of rows that occur. */
  readonly counts: readonly number[];
}

/** Whole images at a time, if any fit. Parts differ by one image at most, and so do their ends. */
export function turnsOf({ images, rows, whole, rowsAtOnce: most }: TileGrid, parts: number): Turns {
  const sizes = [Math.floor(images / parts), Math.ceil(images / parts)].map((n) => n * rows);
  const rowsAtOnce = Math.min(whole ? rows * Math.floor(most / rows) : most, sizes[1]!);
  const counts = sizes.flatMap((size) => [Math.min(size, rowsAtOnce), size % rowsAtOnce]);
  return { parts, rowsAtOnce, counts: [...new Set(counts)].filter((count) => count > 0) };
}

export interface PointGradients {
  readonly part: I32;
  readonly point: I32;
  /** Whether to add to what dU holds, at run time. */
  readonly adds: I32;
  /** dU [parts, 36, channels, outputs]. */
  readonly du: Address;
  /** V [tiles, channels] and dM [tiles, outputs] at the point. */
  readonly v: Address;
  readonly m: Address;
}

/** Emits dU = Vᵀ dM at one of 36 points, stored or added to what is there. */
export function pointGradients(
  { module, f, grid }: TileCode,
  { counts }: Turns,
  rows: TileRows,
  { part, point, adds, du, v, m }: PointGradients,
): void {
  const { channels, outputs, edges } = grid;
  const to = f.let(strided(du, strided(point, part, 36), kernelPointStride(grid)));
  const longest = Math.ceil(grid.images / partsOf(grid)) * grid.rows * grid.columns;
  const more: Accumulate = longest > longestSegment ? "add" : "continue";
  const multiply = (tiles: number, accumulate: Accumulate): void => {
    const panels = panelsInPlace(outputs, tiles, tileWidth(module.features), 4 * outputs);
    const product: Product = {
      panels,
      blocks: rowBlocks(panels),
      aRowStride: 4,
      aStride: 4 * channels,
      cRowStride: 4 * outputs,
      rows: [channels],
      accumulate,
    };
    if (tiles > 0) multiplyAll(module, f, product, { c: to, a: v, b: m, rows: channels });
    else if (accumulate === "overwrite") f.call(clear(module, channels * outputs), to);
  };
  const multiplyRows = (count: number): void => {
    const bits = classBits(edges, point);
    const classOfPoint = f.let(i32.add(i32.add(bits.row, bits.row), bits.column));
    for (const { pointClass, tiles } of tilesOfClasses(grid, count))
      f.if(i32.eq(classOfPoint, pointClass), () =>
        f.if(
          adds,
          () => multiply(tiles, more),
          () => multiply(tiles, "overwrite"),
        ),
      );
  };
  for (const count of counts)
    f.if(i32.eq(i32.sub(rows.end, rows.first), count), () => multiplyRows(count));
}

/** dU [parts, 36, channels, outputs]. Pointers: that, x, dy. A work item is a part of the batch. */
function partialGradients(grid: TileGrid, parts: number): Kernel {
  const turns = turnsOf(grid, parts);
  return kernelOf(
    {
      key: `winogradFilter/${grid.key}/${parts}`,
      pointers: 3,
      workItems: parts,
      flops: 2 * productsOf(grid, grid.allRows),
      scratch: tileScratch(grid, turns.rowsAtOnce).bytes,
    },
    partialGradientsBody(grid, turns),
  );
}

function partialGradientsBody(grid: TileGrid, turns: Turns): KernelBody<3> {
  return (f, [du, x, dy], { begin, end }, module, v) => {
    const { parts, rowsAtOnce } = turns;
    const code = tileCode(module, f, grid, rowsAtOnce, v);
    const { m, vStride, mStride, copy } = code;
    const adds = f.local("i32");
    const firstRow = (part: I32): I32 =>
      i32.mul(i32.divU(i32.mul(part, grid.images), parts), grid.rows);
    const imageAt = imagesOf(module, f, grid.frame, x, copy);
    f.for(begin, end, 1, (part) => {
      f.set(adds, 0);
      const rowsEnd = f.let(firstRow(i32.add(part, 1)));
      f.for(firstRow(part), rowsEnd, rowsAtOnce, (first) => {
        const rows = { first, end: f.let(i32.min(i32.add(first, rowsAtOnce), rowsEnd)) };
        imagesToPoints(code, rows, imageAt);
        gradientsToPoints(code, rows, dy);
        f.for(0, 36, 1, (point) => {
          const factors = { v: strided(v, point, vStride), m: strided(m, point, mStride) };
          pointGradients(code, turns, rows, { part, point, adds, du, ...factors });
        });
        f.set(adds, 1);
      });
    });
  };
}
