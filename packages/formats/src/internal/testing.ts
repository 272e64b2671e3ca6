import { readFileSync } from "node:fs";

/** A file of a header and the bytes after it; `length` is a false size of the header. */
export function file(
  header: unknown,
  data: Uint8Array = new Uint8Array(0),
  length?: bigint,
): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + head.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(head.length), true);
  bytes.set(head, 8);
  bytes.set(data, 8 + head.length);
  return bytes;
}

/** The bytes of an array. */
export function bytesOf(
  array:
    | Float32Array
    | Float64Array
    | Uint16Array
    | Uint32Array
    | BigInt64Array
    | BigUint64Array
    | Int16Array
    | Int8Array,
): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A file of one tensor, `w`. */
export function one(dtype: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  return file({ w: { dtype, shape, data_offsets: [0, data.length] } }, data);
}

export const w: object = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
export const eight: Uint8Array = bytesOf(Float32Array.of(1.5, -2));

/** The bytes of a file that another library wrote; `fixtures/make.py` makes them. */
export function fixture(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)));
}
