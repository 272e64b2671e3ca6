import { i32, v128, type FunctionBuilder, type I32, type Local, type V128 } from "@tenon/emit";
import type { Kernel, Stages } from "../../kernel.js";
import { windows, type ConvSpec } from "../geometry.js";
import type { Frame } from "../im2col/im2col.js";
import { packedPanels } from "../../gemm/panels.js";
import type { Size } from "./winogradAlgebra.js";
import { bitsOfPlace, kindOf, kindsOf, tilesOfKind, type Kinds } from "./winogradKinds.js";
import { transformKernel } from "./winogradTransforms.js";

type Address = Local<"i32">;

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

/** A convolution cut into tiles of 4 × 4 outputs, which look at 6 × 6 cells. Distances in bytes. */
export interface Tiles {
  readonly key: string;
  readonly images: number;
  readonly channels: number;
  readonly outputs: number;
  readonly image: readonly [number, number];
  readonly output: readonly [number, number];
  /** Rows and columns of tiles. */
  readonly rows: number;
  readonly columns: number;
  /** Outputs of the tiles in the last row, in the last column, that lie within the image. */
  readonly last: readonly [Size, Size];
  /**
   * Whether whole images are worked on at a time. Then the last tiles are as small as what is left;
   * otherwise all are of one size.
   */
  readonly whole: boolean;
  readonly kinds: Kinds;
  /** Rows of tiles of all images. */
  readonly lines: number;
  /** How many of those are worked on at a time: as many as stay in the second cache. */
  readonly linesAtOnce: number;
  /** What tiles look at, if they look past the image: then it is copied. */
  readonly frame: Frame;
  readonly padded: boolean;
  readonly paddedBytes: number;
  readonly imageBytes: number;
  /** From one row of cells that tiles look at to the next. */
  readonly line: number;
}

const cacheBytes = 512 * 1024;

export function tilesOf({ x, w, attrs }: ConvSpec): Tiles {
  const output = windows(attrs.image, attrs.kernel, attrs);
  const image = attrs.image;
  const [, , channels, outputs] = w as [number, number, number, number];
  const images = x[0]!;
  const rows = Math.ceil(output[0] / 4);
  const columns = Math.ceil(output[1] / 4);
  const last = [output[0] - 4 * (rows - 1), output[1] - 4 * (columns - 1)] as [Size, Size];
  const linesAtOnce = Math.max(
    1,
    Math.floor(cacheBytes / (36 * 4 * (channels + outputs) * columns)),
  );
  const whole = linesAtOnce >= rows;
  const kinds: Kinds = whole ? { row: last[0], column: last[1] } : { row: 4, column: 4 };
  const reach = [4 * (rows - 1) + kinds.row + 2, 4 * (columns - 1) + kinds.column + 2] as const;
  const before = [attrs.padding[0][0], attrs.padding[1][0]] as const;
  const padded = before.some((n) => n > 0) || reach[0] > image[0] || reach[1] > image[1];
  const line = 4 * channels * (padded ? reach[1] : image[1]);
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
    kinds,
    padded,
    line,
    linesAtOnce,
    lines: images * rows,
    frame: {
      key: `${image.join("x")}/${reach.join("x")}/${before.join("x")}/${channels}`,
      image,
      reach,
      before,
      c: channels,
    },
    paddedBytes: padded ? reach[0] * line : 0,
    imageBytes: 4 * image[0] * image[1] * channels,
  };
}

/**
 * Emits code for the rows of tiles [from, until), with the image each belongs to and its row in it.
 */
export function eachLine(
  f: FunctionBuilder,
  { rows }: Tiles,
  from: I32,
  until: I32,
  visit: (image: Address, row: Address) => void,
): void {
  const at = f.local("i32");
  const image = f.local("i32");
  const row = f.local("i32");
  f.loop(at, from, until, 1, () => {
    f.set(image, i32.divU(at, rows));
    f.set(row, i32.remU(at, rows));
    visit(image, row);
  });
}

/**
 * Where a tile's numbers lie at the places of each kind, for all tiles of some lines one after the
 * other.
 */
export type Places = readonly Address[];

/** Places that begin at an address. */
export const placesAt = (f: FunctionBuilder, at: Address): Places =>
  [0, 1, 2, 3].map(() => f.local("i32", at));

/**
 * One tile: its size, how much of it lies within the output, and its numbers' addresses at the
 * kinds of places that it has.
 */
export interface OneTile {
  readonly size: readonly [Size, Size];
  readonly within: readonly [Size, Size];
  readonly places: readonly Address[];
}

/**
 * Emits code for each tile of a row. The places and the `pointers` move along, the places by
 * `bytes`, the numbers of a tile at one place.
 */
export function eachTile(
  f: FunctionBuilder,
  { rows, columns, last, kinds, whole }: Tiles,
  row: Address,
  places: Places,
  bytes: number,
  pointers: readonly (readonly [Address, number])[],
  code: (tile: OneTile) => void,
): void {
  const tile = f.local("i32");
  const one = (height: Size, width: Size): void => {
    const size: readonly [Size, Size] = whole ? [height, width] : [4, 4];
    const own = kindsOf(kinds, ...size).map((kind) => places[kind]!);
    code({ size, within: [height, width], places: own });
    own.forEach((place) => f.bump(place, bytes));
    pointers.forEach(([pointer, step]) => f.bump(pointer, step));
  };
  const across = (height: Size): void => {
    f.loop(tile, 0, columns - 1, 1, () => one(height, 4));
    one(height, last[1]);
  };
  if (last[0] === 4) across(4);
  else
    f.if(
      i32.eq(row, rows - 1),
      () => across(last[0]),
      () => across(4),
    );
}

/** How many tiles of some lines use a place, both known only when the code runs. */
export function tilesOfPlace(
  f: FunctionBuilder,
  { rows, columns, kinds }: Tiles,
  place: Address,
  first: Address,
  until: Address,
): I32 {
  const lines = f.local("i32", i32.sub(until, first));
  const bits = bitsOfPlace(kinds, place);
  // Only whole images have smaller tiles: of `rows` lines, one is the last.
  return i32.mul(
    i32.sub(lines, i32.mul(bits.row, i32.divU(lines, rows))),
    i32.sub(columns, bits.column),
  );
}

/** How many tiles use each kind of place, of so many lines; those that no tile uses among them. */
export function tilesOfKinds(
  { rows, columns, kinds, whole }: Tiles,
  lines: number,
): readonly { readonly kind: number; readonly tiles: number }[] {
  return kindsOf(kinds, 4, 4).map((kind) => ({
    kind,
    tiles: whole ? tilesOfKind(kind, lines / rows, rows, columns) : lines * columns,
  }));
}

/** Products of numbers at all places, for so many lines. */
export function productsOf({ kinds, ...t }: Tiles, lines: number): number {
  const all = [0, 1, 2, 3, 4, 5];
  return (
    t.channels *
    t.outputs *
    all
      .flatMap((down) =>
        all.map(
          (across) =>
            tilesOfKinds({ kinds, ...t }, lines).find(
              ({ kind }) => kind === kindOf(kinds, down, across),
            )!.tiles,
        ),
      )
      .reduce((sum, n) => sum + n, 0)
  );
}

/**
 * U = G g Gᵀ for the whole kernel, laid out as the panels that products read: panels of outputs,
 * channel after channel, or, `transposed`, panels of channels, output after output. Pointers: U, w.
 * A work item is a channel, or an output.
 */
export function transformKernels({ channels, outputs }: Tiles, transposed: boolean): Kernel {
  const plane = kernelPlane({ channels, outputs });
  const name = `${channels}x${outputs}${transposed ? "/t" : ""}`;
  const key = `winogradKernels/${name}`;
  const [deep, wide] = transposed ? [outputs, channels] : [channels, outputs];
  const tap = (from: Local, row: number, column: number): V128 => {
    const at = (3 * row + column) * plane;
    return transposed
      ? [1, 2, 3].reduce(
          (lanes, lane) => v128.loadLane(from, lane, lanes, at + 4 * outputs * lane),
          v128.loadZero(from, at),
        )
      : v128.load(from, at);
  };
  return {
    key,
    pointers: 2,
    scratch: 0,
    workItems: deep,
    flops: kernelFlops * channels * outputs,
    emit: (module) =>
      module.once(key, () =>
        module.func(key, ["i32", "i32", "i32", "i32"], (f, to, w, begin, end) => {
          const i = f.local("i32");
          const j = f.local("i32");
          const { width, full, step, tailStep, next } = packedPanels(wide, deep, module.features);
          const panels = (from: number, until: number, row: number): void =>
            f.loop(j, from, until, 4, () =>
              f.call(
                transformKernel(module, name, tap, plane),
                i32.add(
                  to!,
                  i32.add(
                    i32.mul(i32.divU(j, width), next),
                    i32.add(i32.mul(i, row), i32.mul(i32.and(j, width - 4), 4)),
                  ),
                ),
                i32.add(
                  w!,
                  i32.mul(
                    transposed ? i32.add(i32.mul(j, outputs), i) : i32.add(i32.mul(i, outputs), j),
                    4,
                  ),
                ),
              ),
            );
          f.loop(i, begin!, end!, 1, () => {
            panels(0, width * full, step);
            panels(width * full, wide, tailStep);
          });
        }),
      ),
  };
}

/** About what a transform of nine numbers to 36, or back, takes: 18 and 36 short sums. */
export const kernelFlops: number = 4 * 54;

/** Bytes of the kernel's numbers at one of 36 places. */
export const kernelPlane = ({ channels, outputs }: Pick<Tiles, "channels" | "outputs">): number =>
  4 * channels * outputs;

/**
 * A product kernel (result, other operand, U) after the transform of its kernel. Operands: 0 the
 * result, 1 the other, 2 w.
 */
export function afterKernels(t: Tiles, transposed: boolean, kernel: Kernel): Stages {
  return {
    temporaries: [36 * kernelPlane(t)],
    stages: [
      { kernel: transformKernels(t, transposed), operands: [3, 2] },
      { kernel, operands: [0, 1, 3] },
    ],
  };
}

/**
 * From one of 36 places to the next, for so many tiles: lines of the cache that do not push each
 * other out when one tile is written to all places.
 */
export const planeBytes = (tiles: number, numbers: number): number =>
  64 * (Math.ceil((4 * tiles * numbers) / 64) | 1);

/** The smaller of two. */
export const least = (a: I32, b: I32): I32 => i32.select(i32.ltS(a, b), a, b);
