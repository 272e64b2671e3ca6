import type { Encoded, NDArray, Elements } from "@tenon/contracts";
import { lookUpInto } from "./scale.js";

/** Memory that successive batches may reuse. */
export interface Memory {
  plain?: Elements;
  floats?: Float32Array;
}

/** Memory for `length` scaled values. */
export function floats(memory: Memory, length: number): Float32Array {
  return memory.floats?.length === length
    ? memory.floats
    : (memory.floats = new Float32Array(length));
}

/**
 * An array of float32 whose values are looked up in the table when `data` is first read; an engine
 * takes the bytes.
 */
export function encodedArray(
  { shape, data }: NDArray,
  palette: Float32Array,
  memory: Memory,
): NDArray {
  let encoded: Encoded | undefined = { bytes: data as Uint8Array, palette };
  let values: Float32Array | undefined;
  return Object.defineProperty(
    {
      shape,
      dtype: "float32" as const,
      get data() {
        if (!values) {
          values = floats(memory, data.length);
          lookUpInto(values, data as Uint8Array, palette);
          encoded = undefined; // the values may be changed from here on
        }
        return values;
      },
    },
    "encoded",
    { value: () => encoded },
  ); // not enumerable: a copy with other data must not have it
}
