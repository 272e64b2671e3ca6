import type { Elements, NDArray } from "@tenon/contracts";
import { badArgument, sameShape, sizeOf } from "@tenon/guards";

/**
 * Arrays one after the other along the first axis, in the narrowest kind of array that holds the
 * values of all. Throws where they differ in shape or dtype.
 */
export function joined(who: string, part: string, arrays: readonly NDArray[]): NDArray {
  const [{ dtype, shape }] = arrays;
  const [, ...rest] = shape;
  for (const array of arrays)
    if (!sameShape(array.shape.slice(1), rest) || array.dtype !== dtype)
      throw badArgument(
        who,
        `examples alike, ${part} of shape [${rest.join(", ")}] and dtype ${dtype}`,
        `[${array.shape.slice(1).join(", ")}] and ${array.dtype}`,
      );
  const count = arrays.reduce((sum, array) => sum + array.shape[0], 0);
  const data = emptyFor(
    arrays.map((array) => array.data),
    count * sizeOf(rest),
  );
  let begin = 0;
  for (const array of arrays) {
    data.set(array.data, begin);
    begin += array.data.length;
  }
  return { shape: [count, ...rest], dtype, data };
}

/** An array of the narrowest of these kinds that holds the values of all. */
function emptyFor(all: readonly Elements[], length: number): Elements {
  const tags = new Set(all.map((data) => data[Symbol.toStringTag]));
  if (tags.has("Float64Array") || (tags.has("Float32Array") && tags.has("Int32Array")))
    return new Float64Array(length);
  if (tags.has("Float32Array")) return new Float32Array(length);
  return tags.has("Int32Array") ? new Int32Array(length) : new Uint8Array(length);
}
