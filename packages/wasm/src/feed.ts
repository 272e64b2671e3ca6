import type { Encoded, Feed } from "@tenon/contracts";
import { elementsFed, type FeedPlace } from "@tenon/tensor";
import { paletteBytes } from "./kernels/input/fromBytes.js";

/** How a module makes numbers of bytes. */
export interface Bytes {
  /** Where it looks for what they stand for. */
  readonly palette: Float32Array;
  /**
   * Makes numbers of the bytes in the last quarter of the memory for `count` numbers at `to`, with
   * so many bytes of the palette.
   */
  numbers(to: number, count: number, size: number): void;
}

/**
 * Palettes of so many channels have room beside a step's memory; of larger ones the array makes the
 * numbers itself.
 */
export const roomForPalette: number = 16 * paletteBytes;

/** Lays what the caller feeds, of a shape and kind that were checked, where the step reads it. */
export function inputPlace(
  place: FeedPlace,
  to: Float32Array | Int32Array,
  room: Bytes,
): (feed: Feed) => void {
  const { dtype } = place.x;
  const count = to.length;
  const last = new Uint8Array(to.buffer, to.byteOffset + 3 * count, count);
  const fits = ({ bytes, palette: { length } }: Encoded): boolean =>
    dtype === "float32" &&
    bytes.length === count &&
    length % 256 === 0 &&
    length > 0 &&
    length <= room.palette.length;
  return (feed) => {
    const encoded = typeof feed === "object" && "shape" in feed ? feed.encoded?.() : undefined;
    if (encoded && fits(encoded)) {
      room.palette.set(encoded.palette);
      last.set(encoded.bytes);
      room.numbers(to.byteOffset, count, 4 * encoded.palette.length);
    } else to.set(elementsFed(place, feed));
  };
}
