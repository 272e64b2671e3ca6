import type { Feed, NDArray, Numbers } from "@tenon/contracts";
import { checkPalette, numbersOf, sameShape, show, type Tensor } from "@tenon/tensor";
import { paletteBytes } from "./kernels/fromBytes.js";

/** How a module makes numbers of bytes. */
export interface Bytes {
  /** Where it looks for what they stand for. */
  readonly palette: Float32Array;
  /** Makes numbers of the bytes in the last quarter of the memory for `count` numbers at `to`, with so many bytes of the palette. */
  numbers(to: number, count: number, size: number): void;
}

/** Palettes of so many channels are kept beside a step's memory; numbers of larger ones are made by JavaScript. */
export const roomForPalette: number = 16 * paletteBytes;

/** Lays what the caller feeds where the step reads it. */
export function inputPlace(label: string, { shape, dtype }: Tensor, to: Float32Array | Int32Array, { palette, numbers }: Bytes): (feed: Feed | undefined) => void {
  const wanted = `${label} (${dtype} ${show(shape)})`, count = to.length, last = new Uint8Array(to.buffer, to.byteOffset + 3 * count, count);
  const fromBytes = (array: NDArray & { readonly palette: Float32Array }): void => {
    if (array.dtype !== dtype) throw new Error(`step: expected ${wanted}, got ${array.dtype} ${show(array.shape)}`);
    if (array.palette.length > palette.length) return to.set(numbersOf(array, wanted));
    checkPalette(array, wanted);
    palette.set(array.palette);
    last.set(array.data);
    numbers(to.byteOffset, count, 4 * array.palette.length);
  };
  return (feed) => {
    if (feed === undefined) throw new Error(`step: expected ${wanted}, got nothing`);
    if (typeof feed === "number") {
      if (count !== 1) throw new Error(`step: expected ${label} of shape ${show(shape)}, got the number ${feed}`);
      to[0] = feed;
      return;
    }
    const array = "shape" in feed ? feed : undefined, data = array ? array.data : (feed as Numbers);
    if ((array && !sameShape(array.shape, shape)) || data.length !== count)
      throw new Error(`step: expected ${label} of shape ${show(shape)}, got ${array ? show(array.shape) : `${data.length} numbers`}`);
    if (array?.palette) fromBytes(array as NDArray & { readonly palette: Float32Array });
    else to.set(data);
  };
}
