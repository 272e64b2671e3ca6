/** Arrays that a plan may read and write. */
export type Floats = Float32Array | Float64Array;

export const isFloat32 = (array: Floats): boolean => array.BYTES_PER_ELEMENT === 4;

/**
 * Cuts arrays into chunks of a length; the last may be shorter. The chunks of an array are made
 * once, so that steps over the same arrays allocate nothing.
 */
export function chunksOf(length: number): (array: Floats) => readonly Floats[] {
  const chunksOfArray = new WeakMap<Floats, readonly Floats[]>();
  return (array) => {
    let chunks = chunksOfArray.get(array);
    if (!chunks) {
      chunks = Array.from({ length: Math.ceil(array.length / length) }, (_, i) =>
        array.subarray(i * length, (i + 1) * length),
      );
      chunksOfArray.set(array, chunks);
    }
    return chunks;
  };
}
