import type { Encoded, Feed } from "@tenon/contracts";
import { elementsFed, type FeedPlace } from "@tenon/tensor";
import type { GpuBuffer } from "./gpu.js";
import type { Residents } from "./residents.js";

// What a step is fed goes to one of several slots, so that steps can be submitted together; a
// kernel takes it from there when the step's turn has come.

/** An input so small that it is written as values whatever it is fed. */
const smallElements = 1024;
/** Words of a palette: its number of channels, then the values of up to 16. */
const paletteWords: number = 4 + 16 * 256;

export const paletteBytes: number = 4 * paletteWords;

/** An input that is fed as values, as bytes with a palette, or as rows of a data set of bytes. */
export interface LargeInput {
  readonly elements: number;
  /** How many rows it has: the entries of its first axis. */
  readonly rows: number;
  /** Byte offset of its values where the step reads them. */
  readonly offset: number;
  /** Byte offset of its palette. */
  readonly paletteAt: number;
  /** Byte offsets in a slot: of its bytes, and of its values. */
  readonly bytesAt: number;
  readonly valuesAt: number;
  /** The same, of the numbers of its rows: only the first large input may be rows of a data set. */
  readonly rowsAt: number | undefined;
}

export const isLarge = (elements: number, dtype: string): boolean =>
  dtype === "float32" && elements > smallElements;

/** What a step was fed for a large input. */
export interface FedInput {
  /** Whether its values are to be decoded from bytes in the slot. */
  readonly isEncoded: boolean;
  /** Where the data set is whose rows its values are to be decoded from. */
  readonly resident?: GpuBuffer | undefined;
  /** The words of a palette that is not in memory yet. */
  readonly palette?: Float32Array | undefined;
}

/** Writes the feeds of a large input to a copy of a slot, as rows or bytes where it can. */
export function feedOf(
  place: FeedPlace,
  input: LargeInput,
  slot: ArrayBuffer,
  { bufferOf }: Residents,
): (feed: Feed) => FedInput {
  const { elements, rows: count, rowsAt } = input;
  const bytes = new Uint8Array(slot, input.bytesAt, elements);
  const values = new Float32Array(slot, input.valuesAt, elements);
  const indices = rowsAt === undefined ? undefined : new Uint32Array(slot, rowsAt, count);
  const newPalette = palettes();
  const canDecode = ({ palette: { length } }: Encoded): boolean =>
    length % 256 === 0 && length > 0 && length <= paletteWords - 4;
  /**
   * Takes the numbers of the rows that the bytes are; gives where their data set is, if it is
   * there.
   */
  const takeRows = ({ rows }: Encoded): GpuBuffer | undefined => {
    if (!rows || rows.indices.length !== indices?.length) return undefined;
    if (rows.of.length % (elements / count) !== 0) return undefined;
    const resident = bufferOf(rows.of);
    if (resident) indices.set(rows.indices);
    return resident;
  };
  return (feed) => {
    const encoded = typeof feed === "object" && "shape" in feed ? feed.encoded?.() : undefined;
    if (encoded && canDecode(encoded)) {
      const resident = takeRows(encoded);
      if (resident) return { isEncoded: false, resident, palette: newPalette(encoded.palette) };
      if (encoded.bytes.length === elements) {
        bytes.set(encoded.bytes);
        return { isEncoded: true, palette: newPalette(encoded.palette) };
      }
    }
    values.set(elementsFed(place, feed));
    return { isEncoded: false };
  };
}

/** Gives the words of a palette, unless it is the one before. */
function palettes(): (values: Float32Array) => Float32Array | undefined {
  let last: Float32Array | undefined;
  return (values) => {
    if (last && sameValues(last, values)) return undefined;
    last = values.slice();
    const words = new Float32Array(4 + last.length);
    new Uint32Array(words.buffer)[0] = last.length / 256;
    words.set(last, 4);
    return words;
  };
}

function sameValues(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
