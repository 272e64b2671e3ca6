import {
  strided,
  type Address,
  type Arguments,
  type FunctionBuilder,
  type I32,
  type Local,
  type V128,
  type Word,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { l1Bytes } from "../../../machine.js";
import { nonzeroBytes } from "../../gemm/nonzeroLists.js";
import type { UnpooledConv } from "./unpooledConv.js";

/**
 * Bytes of a band: lists for some rows of windows, and the image rows under them. Beyond L1, but
 * near it. Chosen by `bench/zeros`.
 */
const bandBytes = 2 * l1Bytes;

/** The input patch of one output of a convolution: the cells that its taps are multiplied with. */
export interface Patch {
  /** Vectors that hold a row of the patch, and of the gradients; the last is filled up. */
  readonly vectorsPerRow: number;
  /** Bytes of the vectors of all rows. */
  readonly bytes: number;
  /** From one row of the image to the next. */
  readonly imageRowBytes: number;
}

export function patchOf({ conv, attrs: { kernel, strides } }: UnpooledConv): Patch {
  const vectorsPerRow = Math.ceil((kernel[1] * conv.c) / 4);
  return {
    vectorsPerRow,
    bytes: 16 * kernel[0] * vectorsPerRow,
    imageRowBytes: conv.rowStride / strides[0],
  };
}

/** How many rows of windows are worked on at a time. */
export function rowsPerBand({ conv, pool: { rows, columns, attrs } }: UnpooledConv): number {
  const bytesPerRow = columns * conv.o * nonzeroBytes + attrs.window[0] * conv.rowStride;
  return Math.min(rows, Math.max(1, Math.floor(bandBytes / bytesPerRow)));
}

/** Parameters of a function that adds the products of a band to the gradients of some outputs. */
export const bandParameters = {
  /** Gradients of one part of the batch: [outputs, kernel rows, vectors of a row]. */
  dw: "address",
  /** One image, padded. */
  x: "address",
  /**
   * The pool's upstream gradient of that image, [rows, columns, outputs], and its argmax indices.
   */
  grads: "address",
  indices: "address",
  /** Memory for lists. */
  lists: "address",
  /** Outputs [first, until), in bytes of a float32 each. */
  firstOutput: "i32",
  untilOutput: "i32",
  /** Rows of windows [first, until). */
  firstRow: "i32",
  untilRow: "i32",
} as const;

export type Band = Arguments<typeof bandParameters>;

/** The band's own parameters, in order, for a call. */
export const bandArguments = (band: Band): readonly (Local<"i32"> | Local<"address">)[] =>
  (Object.keys(bandParameters) as (keyof Band)[]).map((name) => band[name]);

/**
 * Emits code for four outputs at a time, then for the last ones: `offset` + `shift` in bytes from
 * the first of all outputs, and how many they are. `atOnce`: fours in a turn of the loop, of which
 * there have to be a multiple.
 */
export function eachFourOutputs(
  f: FunctionBuilder,
  outputs: number,
  { firstOutput, untilOutput }: Band,
  visit: (offset: I32, lanes: number, shift: number) => void,
  atOnce = 1,
): void {
  const whole = f.let(i32.and(untilOutput, -16));
  f.for(firstOutput, whole, 16 * atOnce, (offset) => {
    for (let k = 0; k < atOnce; k++) visit(offset, 4, 16 * k);
  });
  if (outputs % 4 > 0) f.if(i32.gtS(untilOutput, whole), () => visit(whole, outputs % 4, 0));
}

/** A window of the pool, at run time. */
export interface BandWindow {
  /** The index of its first cell: row · width + column in the convolution's output. */
  readonly firstCell: I32;
  /** Where the input patch of its first cell begins. */
  readonly patch: Word;
  /** Bytes from the start of the image's `grads` and `indices`. */
  readonly offset: I32;
}

/** Emits code for each window of a band. */
export function eachBandWindow(
  f: FunctionBuilder,
  { conv, pool: { columns, attrs } }: UnpooledConv,
  { x, firstRow, untilRow }: Band,
  visit: (window: BandWindow & { readonly patch: Address }) => void,
): void {
  const [rowsOfWindow, columnsOfWindow] = attrs.window;
  const firstCell = f.local("i32");
  const patch = f.local("address");
  const offset = f.let(i32.mul(firstRow, 4 * columns * conv.o));
  f.for(firstRow, untilRow, 1, (row) => {
    f.set(firstCell, i32.mul(row, rowsOfWindow * conv.columns));
    f.set(patch, strided(x, row, rowsOfWindow * conv.rowStride));
    f.for(0, columns, 1, () => {
      visit({ firstCell, patch, offset });
      f.bump(firstCell, columnsOfWindow);
      f.bump(patch, columnsOfWindow * conv.pixelStride);
      f.bump(offset, 4 * conv.o);
    });
  });
}

const isPowerOfTwo = (n: number): boolean => (n & (n - 1)) === 0;

/** Of one window and four outputs: upstream gradients, and addresses of their argmaxes' patches. */
export interface Unpooled {
  readonly grads: Local<"v128">;
  readonly patches: Local<"v128">;
}

/**
 * Emits code that gives a function which emits the loads of a window's elements of four outputs,
 * `output` bytes from the first.
 */
export function windowLoader(
  f: FunctionBuilder,
  { conv, pool }: UnpooledConv,
  { grads, indices }: Band,
  { firstCell, patch, offset }: BandWindow,
): (output: I32, to: Unpooled, shift?: number) => void {
  const [rows] = pool.attrs.window;
  const width = pool.attrs.image[1];
  const { pixelStride } = conv;
  const gradsOfWindow = f.let(i32.add(grads, offset));
  const indicesOfWindow = f.let(i32.add(indices, offset));
  // Where the patch of cell 0 would be if rows of patches were next to each other.
  const origin: V128 = f.let(i32x4.splat(i32.sub(patch, i32.mul(firstCell, pixelStride))));
  const rowEnds = Array.from({ length: rows - 1 }, (_, row) =>
    f.let(i32x4.splat(i32.add(firstCell, (row + 1) * width - 1))),
  );
  return (output, to, shift = 0) => {
    f.set(to.grads, v128.load(i32.add(gradsOfWindow, output), shift));
    const cells = f.let(v128.load(i32.add(indicesOfWindow, output), shift));
    const distances = isPowerOfTwo(pixelStride)
      ? i32x4.shl(cells, Math.log2(pixelStride))
      : i32x4.mul(cells, i32x4.const(pixelStride));
    // One comparison for each row of the window but the first: windows are low.
    const beyondRows = rowEnds.map((last) =>
      v128.and(i32x4.gtS(cells, last), i32x4.const(conv.rowStride - width * pixelStride)),
    );
    f.set(
      to.patches,
      [distances, ...beyondRows].reduce((sum, term) => i32x4.add(sum, term), origin),
    );
  };
}
