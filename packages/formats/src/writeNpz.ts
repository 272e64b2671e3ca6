import type { ByPath, Bytes, NDArray } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import { show } from "./internal/header.js";
import { npyOf } from "./internal/npy.js";
import { zipped } from "./internal/zip.js";

/**
 * Writes arrays by name as the bytes of an NPZ file, which `numpy.load` reads. The same arrays give
 * the same bytes.
 *
 * Throws where a shape does not fit its values.
 */
export function writeNpz(arrays: ByPath<NDArray>): Bytes {
  noOptions("writeNpz", arguments[1]);
  if (
    typeof arrays !== "object" ||
    arrays === null ||
    Array.isArray(arrays) ||
    ArrayBuffer.isView(arrays)
  )
    throw badArgument("writeNpz", "arrays by name, such as { w }", shown(arrays));
  return zipped(
    Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [
        `${name}.npy`,
        npyOf(array ?? {}, (expected, got) =>
          badArgument(`writeNpz: array ${show(name)}`, expected, got),
        ),
      ]),
    ),
  );
}
