import fc from "fast-check";
import { expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "./index.js";
import { bytesOf, eight, file, one, w } from "./internal/testing.js";

test("reads a file written by hand", () => {
  const { tensors, metadata } = readSafetensors(
    file(`{"__metadata__":{"step":"12"},"w":${JSON.stringify(w)}}   `, eight),
  );
  expect(tensors.w).toEqual({ shape: [2], dtype: "float32", data: Float32Array.of(1.5, -2) });
  expect({ ...metadata }).toEqual({ step: "12" });
});

test("halves become the float32 that they are", () => {
  // IEEE 754-2008, table 3.5: 1, the largest, the smallest normal, the smallest subnormal, 1/3
  // rounded, zeros and infinities.
  const bits = Uint16Array.of(
    0x3c00,
    0x7bff,
    0x0400,
    0x0001,
    0x3555,
    0x8000,
    0x7c00,
    0xfc00,
    0x7e00,
    0xc000,
  );
  const expected = [1, 65504, 2 ** -14, 2 ** -24, 0.333251953125, -0, Infinity, -Infinity, NaN, -2];
  expect([...readSafetensors(one("F16", [10], bytesOf(bits))).tensors.w.data]).toEqual(expected);
});

test("every half is one step of its exponent above the half before it", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const read = readSafetensors(one("F16", [65536], bytesOf(all))).tensors.w.data;
  for (let bits = 0; bits < 0x7c00; bits++) {
    // Consecutive bit patterns are consecutive values: the spacing is 2^(exponent - 25).
    const exponent = Math.max(bits >> 10, 1);
    if (bits > 0)
      expect(read[bits] - read[bits - 1]).toBe(2 ** (Math.max((bits - 1) >> 10, 1) - 25));
    expect(read[bits] / 2 ** (exponent - 25)).toBe(Math.round(read[bits] / 2 ** (exponent - 25)));
    expect(read[bits | 0x8000]).toBe(-read[bits]);
  }
});

test("bfloat16 is the upper half of a float32", () => {
  const values = Float32Array.of(1, -2.5, 3.140625, Infinity, 2 ** -126, -0);
  const upper = Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16);
  expect([...readSafetensors(one("BF16", [6], bytesOf(upper))).tensors.w.data]).toEqual([
    ...values,
  ]);
});

test("whole numbers become int32 where they fit", () => {
  const read = (dtype: string, array: Parameters<typeof bytesOf>[0]): number[] => {
    const { dtype: kind, data } = readSafetensors(one(dtype, [array.length], bytesOf(array)))
      .tensors.w;
    expect(kind).toBe("int32");
    return [...data];
  };
  expect(read("I64", BigInt64Array.of(-2147483648n, 2147483647n, 0n))).toEqual([
    -2147483648, 2147483647, 0,
  ]);
  expect(read("U64", BigUint64Array.of(7n, 2147483647n))).toEqual([7, 2147483647]);
  expect(read("U32", Uint32Array.of(7, 2147483647))).toEqual([7, 2147483647]);
  expect(read("I16", Int16Array.of(-32768, 32767))).toEqual([-32768, 32767]);
  expect(read("U16", Uint16Array.of(65535))).toEqual([65535]);
  expect(read("I8", Int8Array.of(-128, 127))).toEqual([-128, 127]);
  expect(() => read("I64", BigInt64Array.of(0n, 2147483648n))).toThrow(
    'readSafetensors: tensor "w" of I64: 2147483648 at 1 does not fit int32',
  );
  expect(() => read("U32", Uint32Array.of(4294967295))).toThrow(
    "4294967295 at 0 does not fit int32",
  );
  expect(readSafetensors(one("BOOL", [3], Uint8Array.of(1, 0, 1))).tensors.w).toEqual({
    shape: [3],
    dtype: "int32",
    data: Int32Array.of(1, 0, 1),
  });
  expect(() => readSafetensors(one("BOOL", [2], Uint8Array.of(1, 2)))).toThrow(
    "2 at 1 is neither 0 nor 1",
  );
  expect(readSafetensors(one("U8", [3], Uint8Array.of(1, 0, 255))).tensors.w).toEqual({
    shape: [3],
    dtype: "int32",
    data: Uint8Array.of(1, 0, 255),
  });
});

test("bytes may begin anywhere, and the arrays are copies", () => {
  const bytes = file({ w }, eight);
  for (let shift = 0; shift < 8; shift++) {
    const moved = new Uint8Array(bytes.length + 8).subarray(shift, shift + bytes.length);
    moved.set(bytes);
    const { data } = readSafetensors(moved).tensors.w;
    moved.fill(0);
    expect([...data]).toEqual([1.5, -2]);
  }
});

test("any name is only a name", () => {
  const text = `{"__proto__":${JSON.stringify(w)},"__metadata__":{"__proto__":"x","constructor":"y"}}`;
  const { tensors, metadata } = readSafetensors(file(text, eight));
  expect(Object.keys(tensors)).toEqual(["__proto__"]);
  expect([...tensors["__proto__"].data]).toEqual([1.5, -2]);
  expect(Object.entries(metadata)).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
  expect(tensors.constructor).toBeUndefined();
  expect(({} as { dtype?: string }).dtype).toBeUndefined();
});

test.each([
  ["no header length", new Uint8Array(5), "expected at least 8 bytes, got 5"],
  ["a header past the end", file({ w }, eight, 1000n), "expected a header of 1000 bytes, got"],
  [
    "a header of exabytes",
    file({ w }, eight, 2n ** 63n),
    "expected a header of at most 100000000 bytes, got 9223372036854775808",
  ],
  ["an empty header", file("", eight), 'expected the header to begin with "{", got ""'],
  [
    "a byte order mark",
    file(`\ufeff${JSON.stringify({ w })}`, eight),
    "expected the header to begin with",
  ],
  ["no JSON", file("{nothing}"), "expected the header to be JSON"],
  [
    "a name twice",
    file(`{"w":${JSON.stringify(w)},"\\u0077":${JSON.stringify(w)}}`, eight),
    'the name "w" is given twice',
  ],
  [
    "a field twice",
    file('{"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', eight),
    'the name "dtype" is given twice',
  ],
  ["half a surrogate", file(`{"\\ud800":${JSON.stringify(w)}}`, eight), "half of a surrogate pair"],
  [
    "a size written as a fraction",
    file('{"w":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}', eight),
    "expected whole numbers of digits alone",
  ],
  [
    "a size written with an exponent",
    file('{"w":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}', eight),
    "expected whole numbers of digits alone",
  ],
  [
    "a negative zero",
    file('{"w":{"dtype":"F32","shape":[2],"data_offsets":[-0,8]}}', eight),
    "expected whole numbers of digits alone",
  ],
  [
    "deep nesting",
    file(`{"w":${"[".repeat(5000)}${"]".repeat(5000)}}`),
    "at most 64 nested levels",
  ],
  [
    "an unknown dtype",
    one("F8_E4M3", [8], eight),
    'tensor "w": expected dtype to be one of F64, F32, F16',
  ],
  [
    "a shape that is no list",
    file({ w: { ...w, shape: 2 } }, eight),
    "expected shape to be a list of sizes, got 2",
  ],
  [
    "offsets that are no pair",
    file({ w: { ...w, data_offsets: [0] } }, eight),
    "expected data_offsets to be two offsets, got [0]",
  ],
  [
    "a shape too large",
    file({ w: { ...w, shape: [3] } }, eight),
    "shape [3] of F32 needs 12 bytes, data_offsets give 8",
  ],
  [
    "a shape beyond counting",
    file({ w: { ...w, shape: [2 ** 52, 2 ** 52, 0] } }, eight),
    "is too large",
  ],
  [
    "data cut short",
    file({ w }, eight.subarray(0, 7)),
    "its data ends at byte 8, but the file has 7 bytes of data",
  ],
  [
    "bytes left over",
    file({ w }, new Uint8Array(9)),
    "expected the tensors to fill 9 bytes of data, got 8",
  ],
  [
    "an overlap",
    file({ a: w, b: { ...w, data_offsets: [4, 12] } }, new Uint8Array(12)),
    'tensor "b" begins at byte 4 of the data and overlaps',
  ],
  [
    "a gap",
    file({ a: { ...w, data_offsets: [4, 12] } }, new Uint8Array(12)),
    "leaves bytes that belong to no tensor",
  ],
  [
    "an empty tensor inside another",
    file({ a: w, b: { ...w, shape: [0], data_offsets: [4, 4] } }, eight),
    "overlaps",
  ],
  [
    "metadata of numbers",
    file({ __metadata__: { step: 12 } }),
    'expected __metadata__["step"] to be a string, got 12',
  ],
  [
    "metadata of null",
    file({ __metadata__: null }),
    "expected __metadata__ to be an object of strings, got null",
  ],
])("refuses %s", (_, bytes, message) => {
  expect(() => readSafetensors(bytes)).toThrow(message);
  expect(() => readSafetensors(bytes)).toThrow(/^readSafetensors: /);
});

test("strings of a megabyte, escapes and all, are read in linear time", () => {
  // In quadratic time it would not end within the time that a test has.
  const hostile = '\\"'.repeat(1_000_000);
  expect(() => readSafetensors(file(`{"${hostile}`))).toThrow("expected the header to be JSON");
  expect(readSafetensors(file(`{"__metadata__":{"a":"${hostile}"}}`)).metadata.a.length).toBe(
    1_000_000,
  );
});

/** Reads or throws an error of ours; what it reads fits into the file. */
function survives(bytes: Uint8Array): void {
  try {
    const { tensors } = readSafetensors(bytes);
    const elements = Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
    expect(elements).toBeLessThanOrEqual(bytes.length);
  } catch (error) {
    expect((error as Error).message).toMatch(/^readSafetensors: /);
  }
}

test("any bytes are read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => survives(bytes)),
    { numRuns: 2000 },
  );
});

test("any JSON as the header is read or refused", () => {
  fc.assert(
    fc.property(fc.json(), fc.uint8Array({ maxLength: 16 }), (json, data) =>
      survives(file(json, data)),
    ),
    { numRuns: 2000 },
  );
});

test("a file cut or damaged anywhere is read or refused", () => {
  const good = writeSafetensors(
    {
      a: { shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) },
      b: { shape: [3], dtype: "int32", data: Uint8Array.of(1, 2, 3) },
    },
    { note: "x" },
  );
  for (let length = 0; length < good.length; length++)
    expect(() => readSafetensors(good.subarray(0, length))).toThrow(/^readSafetensors: /);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (damage) => {
        const bytes = good.slice();
        for (const [offset, value] of damage) bytes[offset] = value;
        survives(bytes);
      },
    ),
    { numRuns: 5000 },
  );
});

test("an entry of any fields is read or refused", () => {
  const size = fc.oneof(
    fc.nat(4),
    fc.constantFrom(-1, 1.5, 2 ** 31, 2 ** 53, 2 ** 64, 1e308),
    fc.string(),
    fc.constant(null),
  );
  const entry = fc.record(
    {
      dtype: fc.constantFrom("F32", "U8", "I64", "BOOL", "F16", "__proto__", 3),
      shape: fc.array(size, { maxLength: 3 }),
      data_offsets: fc.array(size, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), entry, { maxKeys: 3 }),
      fc.uint8Array({ maxLength: 16 }),
      (header, data) => survives(file(header, data)),
    ),
    { numRuns: 3000 },
  );
});

test("names that are written with escapes are not taken for others (V8's JSON.parse does that)", () => {
  for (const names of [["\\"], ['"'], ["\n"], ["/", "\\"], ["/", '"'], ["/", "\t"]]) {
    const entries = names.map(
      (name, i) =>
        `${JSON.stringify(name)}:{"dtype":"U8","shape":[4],"data_offsets":[${4 * i},${4 * i + 4}]}`,
    );
    expect(
      Object.keys(
        readSafetensors(file(`{${entries.join()}}`, new Uint8Array(4 * names.length))).tensors,
      ),
    ).toEqual(names);
  }
});
