import type { Bytes, NDArray } from "@tenon/contracts";
import { badArgument, noOptions } from "@tenon/guards";
import { npyOf } from "./internal/npy.js";

/**
 * Writes an array as the bytes of an NPY file, which `numpy.load` reads: a Float32Array as `<f4`, a
 * Float64Array as `<f8`, an Int32Array as `<i4`, a Uint8Array as `|u1`.
 *
 * Throws where the shape does not fit the values.
 *
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function writeNpy(array: NDArray): Bytes {
  noOptions("writeNpy", arguments[1]);
  return npyOf(array ?? {}, (expected, got) => badArgument("writeNpy", expected, got));
}
