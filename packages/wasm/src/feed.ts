import type { Encoded, Feed, NDArray, Numbers } from "@tenon/contracts";
import { sameShape, show, type Tensor } from "@tenon/tensor";
import { paletteBytes } from "./kernels/fromBytes.js";

/** How a module makes numbers of bytes. */
export interface Bytes {
  /** Where it looks for what they stand for. */
  readonly palette: Float32Array;
  /** Makes numbers of the bytes in the last quarter of the memory for `count` numbers at `to`, with so many bytes of the palette. */
  numbers(to: number, count: number, size: number): void;
}

/** Palettes of so many channels have room beside a step's memory; of larger ones the array makes the numbers itself. */
export const roomForPalette: number = 16 * paletteBytes;

/** Lays what the caller feeds where the step reads it. */
export function inputPlace(label: string, { shape, dtype }: Tensor, to: Float32Array | Int32Array, room: Bytes): (feed: Feed | undefined) => void {
  const count = to.length, last = new Uint8Array(to.buffer, to.byteOffset + 3 * count, count);
  const fits = ({ bytes, palette: { length } }: Encoded): boolean => dtype === "float32" && bytes.length === count && length % 256 === 0 && length > 0 && length <= room.palette.length;
  return (feed) => {
    if (feed === undefined) throw new Error(`step: expected ${label} (${dtype} ${show(shape)}), got nothing`);
    if (typeof feed === "number") {
      if (count !== 1) throw new Error(`step: expected ${label} of shape ${show(shape)}, got the number ${feed}`);
      to[0] = feed;
      return;
    }
    const array: NDArray | undefined = "shape" in feed ? feed : undefined;
    if (array && !sameShape(array.shape, shape)) throw new Error(`step: expected ${label} of shape ${show(shape)}, got ${show(array.shape)}`);
    const encoded = array?.encoded?.();
    if (encoded && fits(encoded)) {
      room.palette.set(encoded.palette);
      last.set(encoded.bytes);
      room.numbers(to.byteOffset, count, 4 * encoded.palette.length);
      return;
    }
    const data = array ? array.data : (feed as Numbers);
    if (data.length !== count) throw new Error(`step: expected ${label} of shape ${show(shape)}, got ${data.length} numbers`);
    to.set(data);
  };
}
