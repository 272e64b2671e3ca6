import type { ByteRows, Encoded, NDArray, Shape } from "@tenon/contracts";
import type { BatchMemory } from "../dataset.js";
import { lookUpInto } from "./scale.js";

/** Memory for `length` scaled values. */
export function floats(memory: BatchMemory, length: number): Float32Array {
  return memory.floats?.length === length
    ? memory.floats
    : (memory.floats = new Float32Array(length));
}

/**
 * An array of float32 whose values are looked up in the table when `data` is first read; an engine
 * takes the bytes, which are gathered when they are first read, or the rows that they are.
 */
export function encodedArray(
  shape: Shape,
  rows: ByteRows,
  gathered: () => Uint8Array,
  palette: Float32Array,
  memory: BatchMemory,
): NDArray {
  let bytes: Uint8Array | undefined;
  let encoded: Encoded | undefined = {
    palette,
    rows,
    get bytes() {
      return (bytes ??= gathered());
    },
  };
  let values: Float32Array | undefined;
  return Object.defineProperty(
    {
      shape,
      dtype: "float32" as const,
      get data() {
        if (encoded) {
          values = floats(memory, encoded.bytes.length);
          lookUpInto(values, encoded.bytes, palette);
          encoded = undefined; // the values may be changed from here on
        }
        return values!;
      },
    },
    "encoded",
    { value: () => encoded },
  ); // not enumerable: a copy with other data must not have it
}
