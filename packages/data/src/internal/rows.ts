import type { Elements, NDArray } from "@tenon/contracts";
import { sizeOf } from "@tenon/guards";

/** The kind of a typed array, also of one of another realm, for which `instanceof` is false. */
export function tagOf(data: Elements): string {
  return data[Symbol.toStringTag];
}

/** The rows of an array at these places, as they are stored. `into`: memory of the right size. */
export function plainRows(source: NDArray, places: Uint32Array, into?: Elements): NDArray {
  const shape = source.shape.slice(1);
  const width = sizeOf(shape);
  const length = places.length * width;
  const data = into?.length === length ? into : emptyLike(source.data, length);
  if (width === 1) for (let i = 0; i < places.length; i++) data[i] = source.data[places[i]];
  else
    for (let i = 0; i < places.length; i++)
      data.set(source.data.subarray(places[i] * width, (places[i] + 1) * width), i * width);
  return { shape: [places.length, ...shape], dtype: source.dtype, data };
}

function emptyLike(data: Elements, length: number): Elements {
  const tag = tagOf(data);
  if (tag === "Uint8Array") return new Uint8Array(length);
  if (tag === "Int32Array") return new Int32Array(length);
  return tag === "Float64Array" ? new Float64Array(length) : new Float32Array(length);
}
