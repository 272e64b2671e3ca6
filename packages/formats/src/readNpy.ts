import type { NDArray } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { checkBytes } from "./internal/checkBytes.js";
import { parseNpy } from "./internal/npy.js";

/**
 * Reads the bytes of an NPY file, one array of NumPy's: `numpy.save`.
 *
 * Floats become float32 (f8 a Float64Array), integers and truth values int32; both orders of bytes
 * and of axes are read. Throws where the file is damaged, holds something else than numbers, or an
 * integer that int32 cannot hold.
 *
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpy(bytes: Uint8Array): NDArray {
  noOptions("readNpy", arguments[1]);
  checkBytes("readNpy", bytes);
  return parseNpy(bytes, (problem) => new Error(`readNpy: ${problem}`));
}
