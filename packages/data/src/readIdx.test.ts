import type { NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readIdx } from "./index.js";

/** An IDX file, written by the format's description and not by our code. */
function idx(
  code: number,
  shape: readonly number[],
  write: (view: DataView, i: number) => void,
  width: number,
): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const bytes = new Uint8Array(4 + 4 * shape.length + count * width);
  bytes.set([0, 0, code, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((size, axis) => view.setUint32(4 + 4 * axis, size, false));
  const data = new DataView(bytes.buffer, 4 + 4 * shape.length);
  for (let i = 0; i < count; i++) write(data, i);
  return bytes;
}

const bytes = idx(0x08, [2, 2, 3], (view, i) => view.setUint8(i, 20 * i), 1);

test("the first bytes of MNIST's own files are understood", () => {
  // train-labels-idx1-ubyte begins so: 60,000 labels, 5 0 4 1 9.
  const file = new Uint8Array(8 + 60_000);
  file.set([0x00, 0x00, 0x08, 0x01, 0x00, 0x00, 0xea, 0x60, 5, 0, 4, 1, 9]);
  const { shape, dtype, data } = readIdx(file);
  expect(shape).toEqual([60_000]);
  expect(dtype).toBe("int32");
  expect([...data.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
});

test("bytes stay bytes, in the same memory", () => {
  const { shape, data } = readIdx(bytes);
  expect(shape).toEqual([2, 2, 3]);
  expect(data).toEqual(Uint8Array.from({ length: 12 }, (_, i) => 20 * i));
  expect(data.buffer).toBe(bytes.buffer);
});

test.each<[string, number, number, (view: DataView, i: number) => void, NDArray]>([
  [
    "int8",
    0x09,
    1,
    (view, i) => view.setInt8(i, i - 2),
    { shape: [3], dtype: "int32", data: Int32Array.of(-2, -1, 0) },
  ],
  [
    "int16",
    0x0b,
    2,
    (view, i) => view.setInt16(2 * i, 300 * i - 400),
    { shape: [3], dtype: "int32", data: Int32Array.of(-400, -100, 200) },
  ],
  [
    "int32",
    0x0c,
    4,
    (view, i) => view.setInt32(4 * i, 1e9 * (i - 1)),
    { shape: [3], dtype: "int32", data: Int32Array.of(-1e9, 0, 1e9) },
  ],
  [
    "float32",
    0x0d,
    4,
    (view, i) => view.setFloat32(4 * i, i / 4),
    { shape: [3], dtype: "float32", data: Float32Array.of(0, 0.25, 0.5) },
  ],
  [
    "float64",
    0x0e,
    8,
    (view, i) => view.setFloat64(8 * i, i / 10),
    { shape: [3], dtype: "float32", data: Float64Array.of(0, 0.1, 0.2) },
  ],
])("reads %s", (_, code, width, write, expected) => {
  expect(readIdx(idx(code, [3], write, width))).toEqual(expected);
});

test("a file may begin at any offset of its buffer", () => {
  const file = idx(0x0e, [2], (view, i) => view.setFloat64(8 * i, i + 0.5), 8);
  const moved = new Uint8Array(file.length + 3).subarray(3);
  moved.set(file);
  expect([...readIdx(moved).data]).toEqual([0.5, 1.5]);
});

test.each([
  ["no magic number", new Uint8Array(3), "expected at least 4 bytes, got 3: the file is cut short"],
  [
    "another magic number",
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0),
    "expected an IDX file, which begins with 00 00, one of 08 09 0b 0c 0d 0e, and the number " +
      "of axes; got 89 50 4e 47",
  ],
  ["an unknown type", Uint8Array.of(0, 0, 0x0a, 1, 0, 0, 0, 0), "got 00 00 0a 01"],
  [
    "a header cut short",
    bytes.subarray(0, 10),
    "expected a header of 16 bytes for 3 axes, got 10 bytes: the file is cut short",
  ],
  [
    "data cut short",
    bytes.subarray(0, 27),
    "expected 28 bytes for shape [2, 2, 3] of uint8, got 27: the file is cut short",
  ],
  [
    "bytes left over",
    Uint8Array.of(...bytes, 0),
    "expected 28 bytes for shape [2, 2, 3] of uint8, got 29: the file is too long",
  ],
  [
    "a promise of exabytes",
    Uint8Array.of(0, 0, 0x0e, 2, 255, 255, 255, 255, 255, 255, 255, 255),
    "for shape [4294967295, 4294967295] of float64, got 12: the file is cut short",
  ],
  ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0), "these bytes are gzip; use decodeIdx"],
])("refuses %s", (_, file, message) => {
  expect(() => readIdx(file)).toThrow(message);
  expect(() => readIdx(file)).toThrow(/^readIdx: /);
});

test("any bytes are read or refused", () => {
  const magic = fc
    .tuple(
      fc.constantFrom(8, 9, 11, 12, 13, 14, 10, 0),
      fc.constantFrom(0, 1, 2, 3, 255),
      fc.uint8Array({ maxLength: 40 }),
    )
    .map(([code, axes, rest]) => Uint8Array.of(0, 0, code, axes, ...rest));
  const small = magic.map((file) =>
    file.map((byte, i) => (i >= 4 && i < 4 + 4 * file[3] && i % 4 < 3 ? 0 : byte)),
  ); // sizes below 256
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), magic, small), (file) => {
      try {
        expect(readIdx(file).data.length).toBeLessThanOrEqual(file.length);
      } catch (error) {
        expect((error as Error).message).toMatch(/^readIdx: /);
      }
    }),
    { numRuns: 5000 },
  );
});
