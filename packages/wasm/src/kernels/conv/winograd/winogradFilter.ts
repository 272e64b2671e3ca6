import {
  i32,
  strided,
  type Address,
  type FunctionBuilder,
  type I32,
  type ModuleBuilder,
} from "@tenon/emit";
import { l2Bytes, partialSumsBytes } from "../../../machine.js";
import type { ConvSpec } from "../geometry.js";
import { clear } from "../im2col/im2col.js";
import { panelsInPlace, tileWidth } from "../../gemm/panels.js";
import { longestSegment } from "../../shared/sumOrder.js";
import { multiplyAll } from "../../gemm/product.js";
import { sumParts } from "../../reduce/sumParts.js";
import type { Accumulate } from "../../gemm/registerTile.js";
import { gradientsToPoints, imagesToPoints } from "./passes.js";
import { kernelPointBytes, transformKernelsBack } from "./kernelTransforms.js";
import { classBits } from "./pointClasses.js";
import {
  productsOf,
  tileGrid,
  tileScratch,
  tilesOfClasses,
  winogradFits,
  type TileGrid,
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
  const sumBytes = 36 * kernelPointBytes(grid);
  const products = partialGradients(grid, parts);
  const back = transformKernelsBack(grid);
  if (parts === 1)
    return {
      temporaries: [sumBytes],
      stages: [
        { kernel: products, operands: [3, 1, 2] },
        { kernel: back, operands: [0, 3] },
      ],
    };
  return {
    temporaries: [parts * sumBytes, sumBytes],
    stages: [
      { kernel: products, operands: [3, 1, 2] },
      { kernel: sumParts(parts, sumBytes / 4), operands: [4, 3] },
      { kernel: back, operands: [0, 4] },
    ],
  };
}

/** The number of parts of the batch. */
export const partsOf = (grid: TileGrid): number =>
  Math.max(
    1,
    Math.min(maxParts, grid.images, Math.floor(maxPartsBytes / (36 * kernelPointBytes(grid)))),
  );

/** The sizes that a turn of at most `most` may have when it divides one of `sizes`. */
export const turnSizes = (sizes: readonly number[], most: number): readonly number[] =>
  [...new Set(sizes.flatMap((size) => [Math.min(size, most), size % most]))].filter(
    (count) => count > 0,
  );

export interface PointGradients {
  /** The number of rows of tiles. */
  readonly tileRows: number;
  readonly point: I32;
  /** Whether to add to what dU holds, at run time. */
  readonly adds: I32;
  /** dU [channels, outputs], V [tiles, channels] and dM [tiles, outputs] at the point. */
  readonly du: Address;
  readonly v: Address;
  readonly m: Address;
}

/** Emits dU = Vᵀ dM at one of 36 points, stored or added to what is there. */
export function pointGradients(
  module: ModuleBuilder,
  f: FunctionBuilder,
  grid: TileGrid,
  { tileRows, point, adds, du, v, m }: PointGradients,
): void {
  const { channels, outputs } = grid;
  const longest = Math.ceil(grid.images / partsOf(grid)) * grid.rows * grid.columns;
  const more: Accumulate = longest > longestSegment ? "add" : "continue";
  const bits = classBits(grid.edges, point);
  const classOfPoint = f.let(i32.add(i32.add(bits.row, bits.row), bits.column));
  const multiply = (tiles: number, accumulate: Accumulate): void => {
    if (tiles > 0)
      multiplyAll(
        module,
        f,
        {
          panels: panelsInPlace(outputs, tiles, tileWidth(module.features), 4 * outputs),
          aRowStride: 4,
          aStride: 4 * channels,
          cRowStride: 4 * outputs,
          rows: [channels],
          packA: false,
          accumulate,
        },
        { c: du, a: v, b: m, rows: channels },
      );
    else if (accumulate === "overwrite") f.call(clear(module, channels * outputs), du);
  };
  for (const { pointClass, tiles } of tilesOfClasses(grid, tileRows))
    f.if(i32.eq(classOfPoint, pointClass), () =>
      f.if(
        adds,
        () => multiply(tiles, more),
        () => multiply(tiles, "overwrite"),
      ),
    );
}

/** dU [parts, 36, channels, outputs]. Pointers: that, x, dy. A work item is a part of the batch. */
function partialGradients(grid: TileGrid, parts: number): Kernel {
  const key = `winogradFilter/${grid.key}/${parts}`;
  const { images, rows } = grid;
  // Parts differ by one image at most, and so do their last turns.
  const sizes = [Math.floor(images / parts), Math.ceil(images / parts)].map(
    (count) => count * rows,
  );
  const rowsAtOnce = Math.min(
    grid.whole ? rows * Math.floor(grid.rowsAtOnce / rows) : grid.rowsAtOnce,
    sizes[1]!,
  );
  const turns = { parts, rowsAtOnce, counts: turnSizes(sizes, rowsAtOnce) };
  return kernelOf(
    {
      key,
      pointers: 3,
      workItems: parts,
      flops: 2 * productsOf(grid, grid.allRows),
      scratch: tileScratch(grid, rowsAtOnce).bytes,
    },
    partialGradientsBody(grid, turns),
  );
}

interface Turns {
  readonly parts: number;
  /** Rows of tiles of a turn, and the numbers of them that occur. */
  readonly rowsAtOnce: number;
  readonly counts: readonly number[];
}

function partialGradientsBody(grid: TileGrid, { parts, rowsAtOnce, counts }: Turns): KernelBody<3> {
  return (f, [du, x, dy], { begin, end }, module, v) => {
    const { vStride, mStride } = tileScratch(grid, rowsAtOnce);
    const m = f.let(i32.add(v, 36 * vStride));
    const copy = { address: f.let(i32.add(m, 36 * mStride)), image: f.let(-1) };
    const adds = f.local("i32");
    const firstRow = (part: I32): I32 =>
      i32.mul(i32.divU(i32.mul(part, grid.images), parts), grid.rows);
    const multiplyPoint = (part: I32, point: I32, tileRows: I32): void => {
      const pointOfPart = i32.add(i32.mul(part, 36), point);
      const to = f.let(strided(du, pointOfPart, kernelPointBytes(grid)));
      for (const count of counts)
        f.if(i32.eq(tileRows, count), () =>
          pointGradients(module, f, grid, {
            tileRows: count,
            point,
            adds,
            du: to,
            v: strided(v, point, vStride),
            m: strided(m, point, mStride),
          }),
        );
    };
    if (grid.padded) f.call(clear(module, grid.paddedBytes / 4), copy.address);
    f.for(begin, end, 1, (part) => {
      f.set(adds, 0);
      const rowsEnd = f.let(firstRow(i32.add(part, 1)));
      f.for(firstRow(part), rowsEnd, rowsAtOnce, (first) => {
        const rows = { first, end: f.let(i32.min(i32.add(first, rowsAtOnce), rowsEnd)) };
        imagesToPoints({ module, f, grid, pointStride: vStride, rows }, { v, x, copy });
        gradientsToPoints({ module, f, grid, pointStride: mStride, rows }, { m, dy });
        f.for(0, 36, 1, (point) => multiplyPoint(part, point, i32.sub(rows.end, first)));
        f.set(adds, 1);
      });
    });
  };
}
