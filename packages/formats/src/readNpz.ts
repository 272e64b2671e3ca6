import type { ByPath, NDArray } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { checkBytes } from "./internal/checkBytes.js";
import { show } from "./internal/header.js";
import { parseNpy } from "./internal/npy.js";
import { unzipped } from "./internal/zip.js";

/**
 * Reads the bytes of an NPZ file, NumPy's arrays by name: `numpy.savez`, also `savez_compressed`.
 *
 * Each array is read as by `readNpy`. Throws where the file is damaged; names the array.
 */
export function readNpz(bytes: Uint8Array): ByPath<NDArray> {
  noOptions("readNpz", arguments[1]);
  checkBytes("readNpz", bytes);
  const fail = (problem: string): Error => new Error(`readNpz: ${problem}`);
  const arrays: Record<string, NDArray> = Object.create(null);
  for (const [file, content] of Object.entries(unzipped(bytes, fail))) {
    const name = file.replace(/\.npy$/, "");
    arrays[name] = parseNpy(content, (problem) => fail(`array ${show(name)}: ${problem}`));
  }
  return arrays;
}
