import type { FunctionBuilder, FunctionIndex, Local, ModuleBuilder, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as v128 from "@tenon/emit/v128";
import {
  image,
  imageBack,
  outputs,
  outputsBack,
  points,
  transform2d,
  type Size,
} from "./algebra.js";
import { classesOf, classOf, type EdgeSizes } from "./pointClasses.js";

/** A tile, and where its values are. Strides in bytes. */
export interface TileSpec {
  /** Rows and columns of outputs that are computed. */
  readonly size: readonly [Size, Size];
  readonly edges: EdgeSizes;
  /** Channels of the image, or outputs. */
  readonly channels: number;
  /** From one of 36 points to the next. */
  readonly pointStride: number;
  /** From one row of cells to the next in the image, or in the outputs. */
  readonly cellRowStride: number;
}

/** A rectangle of vectors, one for each point or cell, of four channels. */
interface Grid {
  readonly load: (row: number, column: number) => V128;
  readonly store: (row: number, column: number, x: V128) => void;
}

/**
 * A function (pointers of the tile's classes of points…, cells) → () for all channels of a tile;
 * `code` emits that for four channels.
 */
function forTile(
  module: ModuleBuilder,
  name: string,
  { size, edges, channels, pointStride, cellRowStride }: TileSpec,
  code: (f: FunctionBuilder, points: Grid, cells: Grid) => void,
): FunctionIndex {
  const key = `winograd/${name}/${channels}/${cellRowStride}/${pointStride}/${size.join("x")}/${edges.row}x${edges.column}`;
  const [down, across] = size.map(points) as [readonly number[], readonly number[]];
  const classes = classesOf(edges, size);
  const params = { pointers: classes.map(() => "address" as const), cells: "address" } as const;
  return module.func(key, params, (f, { pointers, cells }) => {
    eachVector(module, f, channels, [...pointers, cells], (shift) => {
      const pointer = (row: number, column: number): Local<"address"> =>
        pointers[classes.indexOf(classOf(edges, down[row]!, across[column]!))]!;
      const pointOffset = (row: number, column: number): number =>
        (6 * down[row]! + across[column]!) * pointStride + shift;
      const cellOffset = (row: number, column: number): number =>
        row * cellRowStride + column * 4 * channels + shift;
      code(
        f,
        {
          load: (row, column) => v128.load(pointer(row, column), pointOffset(row, column)),
          store: (row, column, x) =>
            f.store("v128", pointer(row, column), x, pointOffset(row, column)),
        },
        {
          load: (row, column) => v128.load(cells, cellOffset(row, column)),
          store: (row, column, x) => f.store("v128", cells, x, cellOffset(row, column)),
        },
      );
    });
  });
}

/**
 * Emits code for all channels: for four at a time, or for two adjacent vectors of four where the
 * target has 256 bits. `code` adds its shift to the offsets from pointers, which move.
 */
function eachVector(
  { features }: ModuleBuilder,
  f: FunctionBuilder,
  channels: number,
  pointers: readonly Local<"address">[],
  code: (shift: number) => void,
): void {
  const vectors = features.vectors256 && channels % 8 === 0 ? 2 : 1;
  f.for(0, channels, 4 * vectors, () => {
    f.interleave(Array.from({ length: vectors }, (_, k) => () => code(16 * k)));
    pointers.forEach((pointer) => f.bump(pointer, 16 * vectors));
  });
}

/** V = Bᵀ d B for all channels of a tile's input patch d: (V…, d) → (). */
export function transformImage(module: ModuleBuilder, spec: TileSpec): FunctionIndex {
  const [height, width] = spec.size;
  return forTile(module, "image", spec, (f, points, cells) =>
    transform2d(f, {
      columns: [height + 2, image[height]],
      rows: [width + 2, image[width]],
      load: cells.load,
      store: points.store,
    }),
  );
}

/** d ← d + B dV Bᵀ, the adjoint of `transformImage`: (dV…, d) → (). */
export function addToImage(module: ModuleBuilder, spec: TileSpec): FunctionIndex {
  const [height, width] = spec.size;
  return forTile(module, "addToImage", spec, (f, { load }, cells) =>
    transform2d(f, {
      columns: [points(height).length, imageBack[height]],
      rows: [points(width).length, imageBack[width]],
      load,
      store(row, column, x) {
        // A sum of its own: V8 joins two stores to 256 bits only where no load is between them.
        cells.store(row, column, f.let(f32x4.add(cells.load(row, column), x)));
      },
    }),
  );
}

/** Y = Aᵀ M A for the outputs of a tile that are `within` the image: (M…, Y) → (). */
export function transformOutputs(
  module: ModuleBuilder,
  spec: TileSpec,
  within: readonly [number, number],
): FunctionIndex {
  const [height, width] = spec.size;
  return forTile(module, `outputs/${within.join("x")}`, spec, (f, { load }, cells) =>
    transform2d(f, {
      columns: [points(height).length, outputs[height]],
      rows: [points(width).length, outputs[width]],
      load,
      store: (row, column, x) => {
        if (row < within[0] && column < within[1]) cells.store(row, column, x);
      },
    }),
  );
}

/**
 * dM = A dY Aᵀ, the adjoint of `transformOutputs`: (dM…, dY) → (). Gradients outside the image are
 * zero.
 */
export function transformGradients(
  module: ModuleBuilder,
  spec: TileSpec,
  within: readonly [number, number],
): FunctionIndex {
  const [height, width] = spec.size;
  return forTile(module, `gradients/${within.join("x")}`, spec, (f, { store }, cells) =>
    transform2d(f, {
      columns: [height, outputsBack[height]],
      rows: [width, outputsBack[width]],
      load: (row, column) =>
        row < within[0] && column < within[1] ? cells.load(row, column) : f32x4.const(0),
      store,
    }),
  );
}
