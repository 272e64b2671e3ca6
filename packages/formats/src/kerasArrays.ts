import type { ByPath, NDArray } from "@tenon/contracts";
import { badArgument, noOptions, shown, sizeOf } from "@tenon/guards";

/**
 * A group of an HDF5 file, as readers of the format give it: jsfive's `new File(buffer)`, h5wasm's
 * `new File(path)`.
 */
export interface Hdf5Group {
  /** The names of what is in it, or a function that gives them. */
  readonly keys: readonly string[] | (() => readonly string[]);
  /** What has this name: a group, or a dataset { shape, value }. */
  get(name: string): unknown;
}

/**
 * The arrays in an HDF5 file by their paths: `"layers/dense/vars/0"`. Keras' `.weights.h5` is one,
 * and so is `unzip(bytes)["model.weights.h5"]` of a `.keras` file. What the optimizer keeps,
 * `optimizer/…`, is left out.
 *
 * Throws where the value is no group, or a dataset holds something else than numbers.
 */
export function kerasArrays(file: Hdf5Group): ByPath<NDArray> {
  noOptions("kerasArrays", arguments[1]);
  const keysOf = (group: Partial<Hdf5Group> | null): readonly string[] | undefined => {
    if (typeof group?.get !== "function") return undefined;
    return typeof group.keys === "function" ? group.keys() : group.keys;
  };
  if (!keysOf(file))
    throw badArgument(
      "kerasArrays",
      "an HDF5 file, such as jsfive's new File(buffer)",
      shown(file),
    );
  const arrays: Record<string, NDArray> = Object.create(null);
  const visit = (group: Hdf5Group, path: string): void => {
    for (const name of keysOf(group)!) {
      if (path === "" && name === "optimizer") continue;
      const item = group.get(name);
      const inside = path === "" ? name : `${path}/${name}`;
      if (keysOf(item as Hdf5Group)) visit(item as Hdf5Group, inside);
      else arrays[inside] = arrayOf(item, inside);
    }
  };
  visit(file, "");
  return arrays;
}

function arrayOf(item: unknown, path: string): NDArray {
  const { shape, value } = (item ?? {}) as { shape?: readonly number[]; value?: ArrayLike<number> };
  const values = typeof value === "number" ? [value] : value;
  if (!Array.isArray(shape) || typeof values?.length !== "number" || typeof values === "string")
    throw new Error(
      `kerasArrays: expected a dataset { shape, value } at "${path}", got ${shown(item)}`,
    );
  const data = Float32Array.from(values, Number);
  if (data.length !== sizeOf(shape))
    throw new Error(
      `kerasArrays: expected ${sizeOf(shape)} values for shape [${shape.join(", ")}] at "${path}", got ${data.length}`,
    );
  return { shape: [...(shape as number[])], dtype: "float32", data };
}
