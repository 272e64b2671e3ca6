import type { Floats } from "./floats.js";
import type { Loop } from "./loop.js";
import { unroll, type Frame } from "./vectorCode.js";

/**
 * How many elements are copied to WebAssembly's memory at a time: they are still in the cache when
 * they are read, and when they are copied back.
 */
export const chunkLength = 16384;
const pageBytes = 65536;

/** Where everything is in WebAssembly's memory. */
export interface Layout {
  readonly frame: Frame;
  /** Where the copies of a loop's arrays begin, each of `copyBytes`. */
  readonly copies: number;
  readonly copyBytes: number;
  /** The addresses of owned arrays. */
  readonly resident: ReadonlyMap<number, number>;
  readonly pages: number;
}

/** @param firstOwned the first array that is resident; those before it are copied */
export function layoutOf(
  loops: readonly Loop[],
  arrays: readonly Floats[],
  firstOwned: number,
): Layout {
  const largest = (count: (loop: Loop) => number): number => Math.max(0, ...loops.map(count));
  const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;
  const bytesOf = (elements: number): number => aligned(4 * (elements + unroll));
  const scalars = aligned(4 * largest((loop) => loop.arrays.length));
  const sums = scalars + 16 * largest((loop) => loop.scalars.length);
  const copies = aligned(sums + 16 * largest((loop) => loop.sums.length));
  const copyBytes = bytesOf(
    Math.min(
      chunkLength,
      largest(({ size }) => size),
    ),
  );
  let bytes =
    copies +
    copyBytes * largest((loop) => loop.arrays.filter((array) => array < firstOwned).length);
  const resident = new Map<number, number>();
  for (const array of new Set(loops.flatMap((loop) => loop.arrays))) {
    if (array < firstOwned) continue;
    resident.set(array, bytes);
    bytes += bytesOf(arrays[array]!.length);
  }
  return {
    frame: { scalars, sums },
    copies,
    copyBytes,
    resident,
    pages: Math.ceil(bytes / pageBytes),
  };
}
