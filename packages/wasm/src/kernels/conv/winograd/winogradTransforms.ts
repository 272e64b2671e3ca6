import {
  f32x4,
  v128,
  type FunctionBuilder,
  type FunctionIndex,
  type Local,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import {
  image,
  imageBack,
  kernel,
  kernelBack,
  outputs,
  outputsBack,
  points,
  rectangle,
  type Size,
} from "./winogradAlgebra.js";
import { kindOf, kindsOf, type Kinds } from "./winogradKinds.js";

/** How a tile is transformed. Distances in bytes. */
export interface TileSpec {
  /** Outputs that are computed, down and across. */
  readonly size: readonly [Size, Size];
  /** Kinds of places. */
  readonly kinds: Kinds;
  /** From one of 36 places to the next. */
  readonly plane: number;
  /** From one row of cells to the next in the image or in the outputs. */
  readonly line: number;
}

type Vectors = (row: number, column: number) => V128;
type Keep = (row: number, column: number, x: V128) => void;

/**
 * Emits code for all channels, four at a time, or twice four side by side; `code` adds its shift to
 * the offsets from pointers that move along.
 */
function eachFour(
  { features }: ModuleBuilder,
  f: FunctionBuilder,
  channels: number,
  pointers: readonly Local[],
  code: (shift: number) => void,
): void {
  const i = f.local("i32");
  const vectors = features.vectors256 && channels % 8 === 0 ? 2 : 1;
  f.loop(i, 0, channels, 4 * vectors, () => {
    f.interleave(Array.from({ length: vectors }, (_, k) => () => code(16 * k)));
    pointers.forEach((pointer) => f.bump(pointer, 16 * vectors));
  });
}

/**
 * A function (places of each kind that the tile has…, cells) → () for all channels; `code` gets the
 * places and the cells of four.
 */
function ofTile(
  module: ModuleBuilder,
  name: string,
  channels: number,
  { size: [height, width], kinds, plane, line }: TileSpec,
  code: (
    f: FunctionBuilder,
    places: { load: Vectors; store: Keep },
    cells: { load: Vectors; store: Keep },
  ) => void,
): FunctionIndex {
  const key = `winograd/${name}/${channels}/${line}/${plane}/${height}x${width}/${kinds.row}x${kinds.column}`;
  const [down, across] = [points(height), points(width)];
  const own = kindsOf(kinds, height, width);
  return module.once(key, () =>
    module.func(key, new Array(own.length + 1).fill("i32"), (f, ...params) => {
      const cells = params[own.length]!;
      eachFour(module, f, channels, params, (shift) => {
        const placeOf = (row: number, column: number): [Local, number] => [
          params[own.indexOf(kindOf(kinds, down[row]!, across[column]!))]!,
          (6 * down[row]! + across[column]!) * plane + shift,
        ];
        const cellOf = (row: number, column: number): number =>
          row * line + column * 4 * channels + shift;
        code(
          f,
          {
            load: (row, column) => v128.load(...placeOf(row, column)),
            store(row, column, x) {
              const [at, offset] = placeOf(row, column);
              f.store("v128", at, x, offset);
            },
          },
          {
            load: (row, column) => v128.load(cells, cellOf(row, column)),
            store(row, column, x) {
              f.store("v128", cells, x, cellOf(row, column));
            },
          },
        );
      });
    }),
  );
}

/** V = Bᵀ d B for all channels of a work item of an image: (to…, from) → (). */
export function transformImage(
  module: ModuleBuilder,
  channels: number,
  spec: TileSpec,
): FunctionIndex {
  const [height, width] = spec.size;
  return ofTile(module, "image", channels, spec, (f, places, cells) =>
    rectangle(f, [height + 2, image[height]], [width + 2, image[width]], cells.load, places.store),
  );
}

/** d ← d + B dV Bᵀ, the adjoint of `transformImage`: (from…, to) → (). */
export function addToImage(module: ModuleBuilder, channels: number, spec: TileSpec): FunctionIndex {
  const [height, width] = spec.size;
  return ofTile(module, "addToImage", channels, spec, (f, places, cells) =>
    rectangle(
      f,
      [points(height).length, imageBack[height]],
      [points(width).length, imageBack[width]],
      places.load,
      (row, column, x) => cells.store(row, column, f32x4.add(cells.load(row, column), x)),
    ),
  );
}

/**
 * Y = Aᵀ M A for all outputs of a tile, of which `rows` × `columns` lie within the image: (from…,
 * to) → ().
 */
export function transformOutputs(
  module: ModuleBuilder,
  count: number,
  spec: TileSpec,
  [rows, columns]: readonly [number, number],
): FunctionIndex {
  const [height, width] = spec.size;
  return ofTile(module, `outputs/${rows}x${columns}`, count, spec, (f, places, cells) =>
    rectangle(
      f,
      [points(height).length, outputs[height]],
      [points(width).length, outputs[width]],
      places.load,
      (row, column, x) => {
        if (row < rows && column < columns) cells.store(row, column, x);
      },
    ),
  );
}

/**
 * dM = A dY Aᵀ, the adjoint of `transformOutputs`: (to…, from) → (). What lies outside the image is
 * zero.
 */
export function transformGradients(
  module: ModuleBuilder,
  count: number,
  spec: TileSpec,
  [rows, columns]: readonly [number, number],
): FunctionIndex {
  const [height, width] = spec.size;
  return ofTile(module, `gradients/${rows}x${columns}`, count, spec, (f, places, cells) =>
    rectangle(
      f,
      [height, outputsBack[height]],
      [width, outputsBack[width]],
      (row, column) => (row < rows && column < columns ? cells.load(row, column) : f32x4.const(0)),
      places.store,
    ),
  );
}

/**
 * U = G g Gᵀ for four outputs of one channel: (to, from) → (). `tap(row, column)` reads the kernel.
 */
export function transformKernel(
  module: ModuleBuilder,
  name: string,
  tap: (from: Local, row: number, column: number) => V128,
  plane: number,
): FunctionIndex {
  const key = `winograd/kernel/${name}/${plane}`;
  return module.once(key, () =>
    module.func(key, ["i32", "i32"], (f, to, from) =>
      rectangle(
        f,
        [3, kernel],
        [3, kernel],
        (row, column) => tap(from!, row, column),
        (row, column, x) => f.store("v128", to!, x, (6 * row + column) * plane),
      ),
    ),
  );
}

/**
 * dg = Gᵀ dU G for four outputs of one channel, the adjoint of `transformKernel`: (to, from) → ().
 * `plane` separates the 36, `tap` the 9.
 */
export function transformKernelBack(
  module: ModuleBuilder,
  plane: number,
  tap: number,
): FunctionIndex {
  const key = `winograd/kernelBack/${plane}/${tap}`;
  return module.once(key, () =>
    module.func(key, ["i32", "i32"], (f, to, from) =>
      rectangle(
        f,
        [6, kernelBack],
        [6, kernelBack],
        (row, column) => v128.load(from!, (6 * row + column) * plane),
        (row, column, x) => f.store("v128", to!, x, (3 * row + column) * tap),
      ),
    ),
  );
}
