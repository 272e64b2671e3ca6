import type { NDArray } from "@tenon/contracts";
import { shown, sizeOf } from "@tenon/guards";
import { dtypes } from "./dtypes.js";
import { show } from "./header.js";
import { strided } from "./strided.js";

/** NumPy's names of kinds, without the order of bytes, and those of the safetensors format. */
const kinds: ReadonlyMap<string, string> = new Map([
  ["f8", "F64"],
  ["f4", "F32"],
  ["f2", "F16"],
  ["i8", "I64"],
  ["i4", "I32"],
  ["i2", "I16"],
  ["i1", "I8"],
  ["u8", "U64"],
  ["u4", "U32"],
  ["u2", "U16"],
  ["u1", "U8"],
  ["b1", "BOOL"],
]);

/** By the tag of the array in memory: what NumPy calls its kind. */
const written: ReadonlyMap<string, string> = new Map([
  ["Float32Array", "<f4"],
  ["Float64Array", "<f8"],
  ["Int32Array", "<i4"],
  ["Uint8Array", "|u1"],
]);

/** The array in an NPY file. Throws what `fail` makes where it is damaged or of an unknown kind. */
export function parseNpy(bytes: Uint8Array, fail: (problem: string) => Error): NDArray {
  const { header, start } = headerOf(bytes, fail);
  const field = (name: string, value: string): string => {
    const found = new RegExp(`['"]${name}['"]\\s*:\\s*(${value})`).exec(header);
    if (!found) throw fail(`expected a header with ${name}, got ${show(header)}`);
    return found[1];
  };
  const descr = field("descr", "'[^']*'|\"[^\"]*\"").slice(1, -1);
  const kind = kinds.get(descr.slice(1));
  const isBig = descr[0] === ">";
  if (kind === undefined || !"<>|=".includes(descr[0]))
    throw fail(
      `expected numbers of one of the kinds ${[...kinds.keys()].join(", ")}, got ${show(descr)}`,
    );
  const isFortran = field("fortran_order", "True|False") === "True";
  const sizes = field("shape", "\\([\\d\\sL,]*\\)").match(/\d+/g) ?? [];
  const shape = sizes.map(Number);
  const { width, dtype, read } = dtypes.get(kind)!;
  const count = sizeOf(shape);
  const got = bytes.length - start;
  if (count * width !== got)
    throw fail(
      `expected ${count * width} bytes for shape [${shape.join(", ")}] of ${descr}, got ${got}: ` +
        `the file is ${count * width > got ? "cut short" : "too long"}`,
    );
  const data = new Uint8Array(got);
  data.set(bytes.subarray(start));
  if (isBig) for (let i = 0; i < got; i += width) data.subarray(i, i + width).reverse();
  let values: NDArray["data"];
  try {
    values = read(data);
  } catch (error) {
    throw fail((error as Error).message);
  }
  if (!isFortran) return { shape, dtype, data: values };
  // In Fortran's order the first index varies fastest.
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  return { shape, dtype, data: strided(values, { shape, strides, offset: 0 }) };
}

function headerOf(
  bytes: Uint8Array,
  fail: (problem: string) => Error,
): { readonly header: string; readonly start: number } {
  const isNpy = "\u0093NUMPY".split("").every((letter, i) => bytes[i] === letter.charCodeAt(0));
  if (!isNpy) throw fail("expected a file that begins with \\x93NUMPY, got another one");
  const wide = bytes[6] > 1;
  const from = wide ? 12 : 10;
  if (bytes.length < from) throw fail("the file is cut short in its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = from + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (start > bytes.length) throw fail("the file is cut short in its header");
  return { header: new TextDecoder("latin1").decode(bytes.slice(from, start)), start };
}

/** The bytes of an NPY file. Throws what `fail` makes where it is no array of numbers. */
export function npyOf(
  { shape, data }: NDArray,
  fail: (expected: string, got: string) => Error,
): Uint8Array<ArrayBuffer> {
  const descr = written.get(data?.[Symbol.toStringTag]);
  if (descr === undefined || !Array.isArray(shape))
    throw fail("an array { shape, dtype, data } with a typed array", shown(data));
  if (sizeOf(shape) !== data.length)
    throw fail(`${sizeOf(shape)} values for shape [${shape.join(", ")}]`, `${data.length}`);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The data begins at a multiple of 64, and the header ends with a line end.
  const start = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start + data.byteLength);
  bytes.set(new TextEncoder().encode(`${text.padEnd(start - 11)}\n`), 10);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(bytes.buffer).setUint16(8, start - 10, true);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return bytes;
}
