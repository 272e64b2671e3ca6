import type { Encoded, Feed } from "@tenon/contracts";
import type { HostMemory } from "@tenon/plan";
import { elementsFed } from "@tenon/tensor";
import { fromBytes, paletteBytes } from "./kernels/input/fromBytes.js";

/** Bytes for a palette: 16 channels. Arrays with a larger palette decode their bytes themselves. */
const decoderBytes: number = 16 * paletteBytes;

/**
 * Writes what the caller feeds to where the step reads it: bytes and their palette, if they fit,
 * else values.
 *
 * @param palette where the decoder reads it: a float32 for each byte value of each channel
 * @param decode what `fromBytes` has emitted
 */
function inputBy(
  { buffer }: WebAssembly.Memory,
  palette: number,
  decode: (to: number, count: number, palette: number, bytes: number) => void,
): NonNullable<HostMemory["input"]> {
  const values = new Float32Array(buffer, palette, decoderBytes / 4);
  return (place, to) => {
    const count = to.length;
    const lastQuarter = new Uint8Array(to.buffer, to.byteOffset + 3 * count, count);
    const canDecode = ({ bytes, palette: { length } }: Encoded): boolean =>
      place.x.dtype === "float32" &&
      bytes.length === count &&
      length % 256 === 0 &&
      length > 0 &&
      length <= values.length;
    return (feed: Feed) => {
      const encoded = typeof feed === "object" && "shape" in feed ? feed.encoded?.() : undefined;
      if (!encoded || !canDecode(encoded)) return to.set(elementsFed(place, feed));
      values.set(encoded.palette);
      lastQuarter.set(encoded.bytes);
      decode(to.byteOffset, count, palette, 4 * encoded.palette.length);
    };
  };
}

/** What decodes bytes that are fed. */
export interface Decoding {
  readonly paletteBytes: number;
  readonly emit: typeof fromBytes;
  readonly inputBy: typeof inputBy;
}

export const decoding: Decoding = { paletteBytes: decoderBytes, emit: fromBytes, inputBy };
