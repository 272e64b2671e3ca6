import type { Encoded, Feed } from "@tenon/contracts";
import type { FeedPlace } from "@tenon/tensor";
import { fromBytes, paletteBytes } from "./kernels/input/fromBytes.js";

/** A module's decoder of bytes. */
export interface Decoder {
  /** Where the decoder reads the palette: a float32 for each byte value of each channel. */
  readonly palette: Float32Array;
  /**
   * Decodes the bytes in the last quarter of the memory for `count` elements at `to`, in place,
   * with the first `bytes` bytes of the palette.
   */
  decode(to: number, count: number, bytes: number): void;
}

/** Bytes for a palette: 16 channels. Arrays with a larger palette decode their bytes themselves. */
const decoderBytes: number = 16 * paletteBytes;

/**
 * Writes bytes that the caller feeds, and their palette, to where the step reads them, if it can.
 */
function decoded(
  place: FeedPlace,
  to: Float32Array | Int32Array,
  decoder: Decoder,
): (feed: Feed) => boolean {
  const count = to.length;
  const lastQuarter = new Uint8Array(to.buffer, to.byteOffset + 3 * count, count);
  const canDecode = ({ bytes, palette: { length } }: Encoded): boolean =>
    place.x.dtype === "float32" &&
    bytes.length === count &&
    length % 256 === 0 &&
    length > 0 &&
    length <= decoder.palette.length;
  return (feed) => {
    const encoded = typeof feed === "object" && "shape" in feed ? feed.encoded?.() : undefined;
    if (!encoded || !canDecode(encoded)) return false;
    decoder.palette.set(encoded.palette);
    lastQuarter.set(encoded.bytes);
    decoder.decode(to.byteOffset, count, 4 * encoded.palette.length);
    return true;
  };
}

/** What decodes bytes that are fed. */
export interface Decoding {
  readonly paletteBytes: number;
  readonly emit: typeof fromBytes;
  readonly decoded: typeof decoded;
}

export const decoding: Decoding = { paletteBytes: decoderBytes, emit: fromBytes, decoded };
