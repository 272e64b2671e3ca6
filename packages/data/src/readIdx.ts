import type { NDArray, Elements } from "@tenon/contracts";
import { noOptions, sizeOf } from "@tenon/guards";
import { checkBytes } from "./internal/check.js";
import { isGzip } from "./internal/gzip.js";

interface Kind {
  readonly name: string;
  readonly width: number;
  read(view: DataView, count: number): Elements;
}

/** By the third byte of a file. Values are big-endian. */
const kinds: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  [
    0x08,
    {
      name: "uint8",
      width: 1,
      read: (view, count) => new Uint8Array(view.buffer, view.byteOffset, count),
    },
  ],
  [
    0x09,
    {
      name: "int8",
      width: 1,
      read: (view, count) => Int32Array.from({ length: count }, (_, i) => view.getInt8(i)),
    },
  ],
  [
    0x0b,
    {
      name: "int16",
      width: 2,
      read: (view, count) => Int32Array.from({ length: count }, (_, i) => view.getInt16(2 * i)),
    },
  ],
  [
    0x0c,
    {
      name: "int32",
      width: 4,
      read: (view, count) => Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i)),
    },
  ],
  [
    0x0d,
    {
      name: "float32",
      width: 4,
      read: (view, count) => Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i)),
    },
  ],
  [
    0x0e,
    {
      name: "float64",
      width: 8,
      read: (view, count) => Float64Array.from({ length: count }, (_, i) => view.getFloat64(8 * i)),
    },
  ],
]);

/**
 * Reads an IDX file, the format of MNIST and similar sets: [count, …] values, row-major.
 *
 * uint8 stays a Uint8Array that shares memory with `bytes` (dtype int32); int8, int16 and int32
 * become Int32Array, float32 and float64 arrays of their own kind (dtype float32).
 *
 * Throws where the first bytes are not those of an IDX file, and where the file is longer or
 * shorter than its header says. For gzip bytes use `decodeIdx`.
 *
 * LeCun, Cortes & Burges, The MNIST database of handwritten digits, "the IDX file format".
 */
export function readIdx(bytes: Uint8Array): NDArray {
  noOptions("readIdx", arguments[1]);
  checkBytes("readIdx", bytes);
  const length = bytes.byteLength;
  if (isGzip(bytes)) throw fail("these bytes are gzip; use decodeIdx, or gunzip first");
  if (length < 4) throw fail(`expected at least 4 bytes, got ${length}: the file is cut short`);
  const kind = kinds.get(bytes[2]);
  if (bytes[0] !== 0 || bytes[1] !== 0 || !kind) {
    const magic = [...bytes.subarray(0, 4)]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join(" ");
    throw fail(
      "expected an IDX file, which begins with 00 00, one of " +
        `${[...kinds.keys()].map((code) => code.toString(16).padStart(2, "0")).join(" ")}, and ` +
        `the number of axes; got ${magic}`,
    );
  }
  const start = 4 + 4 * bytes[3];
  if (length < start)
    throw fail(
      `expected a header of ${start} bytes for ${bytes[3]} axes, got ${length} bytes: the file ` +
        "is cut short",
    );
  const header = new DataView(bytes.buffer, bytes.byteOffset, start);
  const shape = Array.from({ length: bytes[3] }, (_, axis) => header.getUint32(4 + 4 * axis));
  const count = sizeOf(shape);
  const expected = start + count * kind.width;
  if (expected !== length) {
    const why = expected > length ? "the file is cut short" : "the file is too long";
    throw fail(
      `expected ${expected} bytes for shape [${shape.join(", ")}] of ${kind.name}, got ` +
        `${length}: ${why}`,
    );
  }
  const data = kind.read(new DataView(bytes.buffer, bytes.byteOffset + start), count);
  return { shape, dtype: bytes[2] < 0x0d ? "int32" : "float32", data };
}

function fail(problem: string): Error {
  return new Error(`readIdx: ${problem}`);
}
