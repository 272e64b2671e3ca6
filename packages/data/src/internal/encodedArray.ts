import type { Encoded, NDArray, Elements } from "@tenon/contracts";
import { lookUpInto } from "./scale.js";

/** What one batch after the other may lie in. */
export interface Memory {
  plain?: Elements;
  floats?: Float32Array;
}

/** Memory for so many scaled numbers. */
export function floats(memory: Memory, length: number): Float32Array {
  return memory.floats?.length === length
    ? memory.floats
    : (memory.floats = new Float32Array(length));
}

/**
 * An array of float32 whose numbers are looked up in the table when somebody asks for them; an
 * engine takes the bytes.
 */
export function encodedArray(
  { shape, data }: NDArray,
  palette: Float32Array,
  memory: Memory,
): NDArray {
  let encoded: Encoded | undefined = { bytes: data as Uint8Array, palette };
  let numbers: Float32Array | undefined;
  return Object.defineProperty(
    {
      shape,
      dtype: "float32" as const,
      get data() {
        if (!numbers) {
          numbers = floats(memory, data.length);
          lookUpInto(numbers, data as Uint8Array, palette);
          encoded = undefined; // the numbers may be changed from here on
        }
        return numbers;
      },
    },
    "encoded",
    { value: () => encoded },
  ); // not enumerable: a copy with other data must not have it
}
