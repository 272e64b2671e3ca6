import type { NDArray } from "@tenon/contracts";
import { known, notNegative } from "@tenon/guards";
import { gunzip, type GunzipOptions } from "./gunzip.js";
import { checkBytes } from "./internal/check.js";
import { isGzip } from "./internal/gzip.js";
import { readIdx } from "./readIdx.js";

/**
 * Reads an IDX file as `readIdx` does, unpacking it first where it is gzip.
 *
 * Rejects as `readIdx` and `gunzip` do.
 */
export async function decodeIdx(bytes: Uint8Array, options: GunzipOptions = {}): Promise<NDArray> {
  const { maxBytes = 0 } = known("decodeIdx", options, "maxBytes");
  notNegative("decodeIdx", "maxBytes", maxBytes);
  checkBytes("decodeIdx", bytes);
  return readIdx(isGzip(bytes) ? await gunzip(bytes, options) : bytes);
}
