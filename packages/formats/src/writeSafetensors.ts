import type { ByPath, Bytes, NDArray } from "@tenon/contracts";
import { badArgument, noOptions, shown, sizeOf } from "@tenon/guards";
import { digestsOf, isDigest } from "./internal/digests.js";
import { dtypes } from "./internal/dtypes.js";
import { show } from "./internal/header.js";

const writer = "writeSafetensors";

/** By the tag rather than by `instanceof`, so that arrays of another realm pass. */
const kinds: ReadonlyMap<string, string> = new Map([
  ["float32 Float32Array", "F32"],
  ["float32 Float64Array", "F64"],
  ["int32 Int32Array", "I32"],
  ["int32 Uint8Array", "U8"],
]);

/**
 * Writes named arrays, and named strings as metadata, as the bytes of a safetensors file.
 *
 * Float32Array becomes F32, Float64Array F64, Int32Array I32 and Uint8Array U8, so that reading
 * gives the same arrays back, bit for bit. The same content gives the same bytes: wide dtypes come
 * first, so that all are aligned, then names in the order of their UTF-16 codes; the header is
 * padded with spaces to a multiple of 8.
 *
 * To the metadata given it adds digests, by which `readSafetensors` detects damage:
 * `tenon.sha256/NAME` of each array's bytes in the file, and `tenon.sha256` of all that the header
 * says.
 *
 * Throws where a shape does not fit its values, dtype and array do not go together (float32 with a
 * Float32Array or Float64Array, int32 with an Int32Array or Uint8Array), a name is `__metadata__`
 * or no well-formed text, or metadata has the name of a digest.
 *
 * Format: https://github.com/huggingface/safetensors#format
 */
export function writeSafetensors(tensors: ByPath<NDArray>, metadata: ByPath<string> = {}): Bytes {
  noOptions("writeSafetensors", arguments[2]);
  const isObject = (value: unknown): boolean =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value);
  if (!isObject(tensors))
    throw badArgument(writer, "arrays by name, such as { w }", shown(tensors));
  if (!isObject(metadata)) throw badArgument(writer, "metadata as text by name", shown(metadata));
  const items = Object.entries(tensors).map(([name, array]) => ({
    name,
    array,
    kind: kindOf(name, array),
  }));
  items.sort(
    (a, b) => dtypes.get(b.kind)!.width - dtypes.get(a.kind)!.width || byCode(a.name, b.name),
  );

  // Written by hand, since an object would put names such as "0" first, whatever their order.
  const fields: string[] = [];
  const taken = Object.keys(metadata).find(isDigest);
  if (taken !== undefined)
    throw badArgument(
      writer,
      "metadata without the names of digests",
      show(taken),
      "use another name",
    );
  const stored = items.map(({ name, array: { shape, data }, kind }) => ({
    name,
    shape,
    dtype: kind,
    bytes: bytesOf(data),
  }));
  const notes = Object.entries({ ...metadata, ...digestsOf(stored, metadata) }).sort(([a], [b]) =>
    byCode(a, b),
  );
  if (notes.length > 0)
    fields.push(
      `"__metadata__":{${notes.map(([key, value]) => `${quoted(key)}:${quoted(value)}`).join(",")}}`,
    );
  let offset = 0;
  for (const { name, array, kind } of items) {
    const end = offset + array.data.byteLength;
    fields.push(
      `${quoted(name)}:{"dtype":"${kind}","shape":[${array.shape.join(",")}],"data_offsets":[${offset},${end}]}`,
    );
    offset = end;
  }
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  const padded = Math.ceil(header.length / 8) * 8;

  const bytes = new Uint8Array(8 + padded + offset).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(header, 8);
  let begin = 8 + padded;
  for (const {
    array: { data },
  } of items) {
    bytes.set(bytesOf(data), begin);
    begin += data.byteLength;
  }
  return bytes;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: NDArray["data"]): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function kindOf(name: string, array: NDArray): string {
  const who = `${writer}: tensor ${show(name)}`;
  const { shape, dtype, data } = array ?? {};
  if (!Array.isArray(shape) || typeof data !== "object" || data === null)
    throw badArgument(who, "an array { shape, dtype, data }", shown(array));
  if (name === "__metadata__")
    throw badArgument(
      writer,
      "tensors with names of their own",
      '"__metadata__", which the format reserves',
      "use another name",
    );
  const tag = data[Symbol.toStringTag];
  const kind = kinds.get(`${dtype} ${tag}`);
  if (kind === undefined)
    throw badArgument(who, [...kinds.keys()].join(", "), `${dtype} ${tag ?? shown(data)}`);
  const count = sizeOf(shape);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || count !== data.length) {
    throw badArgument(who, `${count} values for shape [${shape.join(", ")}]`, data.length);
  }
  return kind;
}

function quoted(text: string): string {
  if (typeof text !== "string")
    throw badArgument(writer, "metadata to be strings", show(text), "use JSON.stringify");
  if (/\p{Surrogate}/u.test(text))
    throw badArgument(writer, "text", `half of a surrogate pair in ${show(text)}`);
  return JSON.stringify(text);
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
