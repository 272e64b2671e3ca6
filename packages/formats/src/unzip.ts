import type { Bytes } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { checkBytes } from "./internal/checkBytes.js";
import { unzipped } from "./internal/zip.js";

/**
 * The files in a zip archive, by name: of Keras' `.keras`, `unzip(bytes)["model.weights.h5"]` holds
 * the weights.
 *
 * Files may be stored or deflated. Throws where the archive is damaged, encrypted or above 4 GiB,
 * or says that a file unpacks to more than 1040 times its packed size, which deflate cannot do.
 */
export function unzip(bytes: Uint8Array): Readonly<Record<string, Bytes>> {
  noOptions("unzip", arguments[1]);
  checkBytes("unzip", bytes);
  return unzipped(bytes, (problem) => new Error(`unzip: ${problem}`));
}
