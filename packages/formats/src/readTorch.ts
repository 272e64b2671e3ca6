import type { NDArray, Shape } from "@tenon/contracts";
import { noOptions, sizeOf } from "@tenon/guards";
import { checkBytes } from "./internal/checkBytes.js";
import { dtypes } from "./internal/dtypes.js";
import { show } from "./internal/header.js";
import { strided } from "./internal/strided.js";
import { unpickle } from "./internal/unpickle.js";
import { unzipped, type Files } from "./internal/zip.js";
import type { Safetensors } from "./readSafetensors.js";

/** PyTorch's storages, and the same kinds in the safetensors format. */
const storages: Readonly<Record<string, string>> = {
  DoubleStorage: "F64",
  FloatStorage: "F32",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "BOOL",
};

/** The elements that tensors of a file share. */
interface Storage {
  readonly dtype: NDArray["dtype"];
  readonly data: NDArray["data"];
}

/**
 * Reads the bytes of what PyTorch's `torch.save` wrote of a `state_dict`, or of a checkpoint that
 * holds some: tensors by name, and as metadata, in JSON, the numbers and texts among them. Names of
 * what is inside are joined by dots: `"model.conv1.weight"`.
 *
 * Tensors become contiguous, of the kinds of `readSafetensors`. The file's pickle is read without
 * running what it names: only tensors, their storages, parameters and dictionaries are understood,
 * and a file that names anything else is refused. Files of before PyTorch 1.6, and whole modules,
 * are refused, too: save `module.state_dict()`.
 *
 * Throws where the file is damaged, a tensor reaches out of its storage, or an integer does not fit
 * int32.
 */
export function readTorch(bytes: Uint8Array): Safetensors {
  noOptions("readTorch", arguments[1]);
  checkBytes("readTorch", bytes);
  const fail = (problem: string): Error => new Error(`readTorch: ${problem}`);
  const files = unzipped(bytes, fail);
  const pickle = Object.keys(files).find((name) => name.endsWith("/data.pkl"));
  if (pickle === undefined)
    throw fail("expected data.pkl in the archive, as torch.save writes it, got none");
  const folder = pickle.slice(0, -"data.pkl".length);
  const order = new TextDecoder().decode(files[`${folder}byteorder`] ?? new Uint8Array(0)).trim();
  if (order !== "" && order !== "little")
    throw fail(`expected numbers whose low byte is first, got byte order ${show(order)}`);
  try {
    return flat(unpickle(files[pickle], trustedOf(files, folder)));
  } catch (error) {
    throw fail((error as Error).message);
  }
}

/** What a pickle of tensors may name. */
function trustedOf(files: Files, folder: string): Parameters<typeof unpickle>[1] {
  const storageKinds = Object.fromEntries(
    Object.entries(storages).map(([name, kind]) => [`torch.${name}`, () => kind]),
  );
  const read = new Map<string, Storage>();
  return {
    calls: {
      ...storageKinds,
      "collections.OrderedDict": () => new Map(),
      "torch._utils._rebuild_tensor_v2": rebuilt,
      "torch._utils._rebuild_parameter": (tensor) => tensor,
    },
    persistent(id) {
      const [kind, typeOf, key, , count] = Array.isArray(id) ? (id as readonly unknown[]) : [];
      const type = typeof typeOf === "function" ? (typeOf as () => unknown)() : undefined;
      if (kind !== "storage" || typeof type !== "string" || typeof key !== "string")
        throw new Error("expected the elements of a tensor, got something else");
      const name = `${folder}data/${key}`;
      const content = files[name];
      if (content === undefined) throw new Error(`expected ${show(name)} in the archive, got none`);
      const { width, dtype, read: parse } = dtypes.get(type)!;
      if (content.length !== (count as number) * width)
        throw new Error(
          `expected ${(count as number) * width} bytes in ${show(name)}, got ${content.length}`,
        );
      // A copy begins at offset 0.
      if (!read.has(key)) read.set(key, { dtype, data: parse(new Uint8Array(content)) });
      return read.get(key)!;
    },
  };
}

/** A tensor of a storage: `_rebuild_tensor_v2(storage, offset, size, stride, …)`. */
function rebuilt(...[storage, offset, size, stride]: readonly unknown[]): NDArray {
  const { dtype, data } = (storage ?? {}) as Partial<Storage>;
  const areSizes = (list: unknown): list is Shape =>
    Array.isArray(list) && list.every((x) => Number.isSafeInteger(x) && (x as number) >= 0);
  if (!data || !dtype || !areSizes([offset]) || !areSizes(size) || !areSizes(stride))
    throw new Error("a tensor whose storage, size or strides make no sense");
  const last = size.reduce((sum, n, axis) => sum + (n - 1) * stride[axis], offset as number);
  if (stride.length !== size.length || (sizeOf(size) > 0 && last >= data.length))
    throw new Error(
      `a tensor of size [${size.join(", ")}] that reaches out of its ${data.length} elements`,
    );
  return {
    shape: size,
    dtype,
    data: strided(data, { shape: size, strides: stride, offset: offset as number }),
  };
}

const isArray = (value: unknown): value is NDArray =>
  typeof value === "object" && value !== null && "data" in value && "shape" in value;

/** Tensors and values by name. */
function flat(value: unknown): Safetensors {
  const tensors: Record<string, NDArray> = Object.create(null);
  const metadata: Record<string, string> = Object.create(null);
  const add = (name: string, item: unknown, depth: number): void => {
    const inside = (key: unknown, of: unknown): void =>
      add(name === "" ? String(key) : `${name}.${String(key)}`, of, depth + 1);
    if (depth > 64) throw new Error("dictionaries in one another, more than 64 of them");
    if (isArray(item)) tensors[name] = item;
    else if (Array.isArray(item)) item.forEach((of, i) => inside(i, of));
    else if (Object.prototype.toString.call(item) === "[object Map]")
      (item as Map<unknown, unknown>).forEach((of, key) => inside(key, of));
    else if (typeof item !== "function") metadata[name] = JSON.stringify(item);
  };
  add("", value, 0);
  if (Object.keys(tensors).length === 0)
    throw new Error("expected tensors, got none; save module.state_dict()");
  return { tensors, metadata };
}
