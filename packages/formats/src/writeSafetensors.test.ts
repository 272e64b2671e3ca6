import { createHash } from "node:crypto";
import type { NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "./index.js";

const f32 = (...data: number[]): NDArray => ({
  shape: [data.length],
  dtype: "float32",
  data: Float32Array.from(data),
});

test("writes the bytes that the format specifies", () => {
  const bytes = writeSafetensors({ w: f32(1, 2) }, { b: "2", a: "1" });
  const sha256 = (of: Uint8Array | string): string => createHash("sha256").update(of).digest("hex");
  const data = Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0x40);
  // The second digest is of what the header says, line by line, in sorted order.
  const lines = ['["a","1"]', '["b","2"]', `["tenon.sha256/w","${sha256(data)}"]`];
  const said = sha256(JSON.stringify([['["w","F32",[2]]'], lines]));
  const notes = `"a":"1","b":"2","tenon.sha256":"${said}","tenon.sha256/w":"${sha256(data)}"`;
  const header = `{"__metadata__":{${notes}},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`;
  const padded = Math.ceil(header.length / 8) * 8;
  expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(padded));
  expect(new TextDecoder().decode(bytes.subarray(8, 8 + padded))).toBe(header.padEnd(padded, " "));
  expect(bytes.subarray(8 + padded)).toEqual(data);
});

test("an empty file is a header alone", () => {
  expect(new TextDecoder().decode(writeSafetensors({}).subarray(8))).toBe("{}      ");
});

test("wide dtypes come first and names are sorted, whatever the order they were given in", () => {
  const a: NDArray = { shape: [3], dtype: "int32", data: Uint8Array.of(1, 2, 3) };
  const z: NDArray = { shape: [1], dtype: "float32", data: Float64Array.of(0.1) };
  const bytes = writeSafetensors({ a, "10": f32(1), "9": f32(2), z });
  expect(bytes).toEqual(writeSafetensors({ z, "9": f32(2), "10": f32(1), a }));
  const header = new TextDecoder().decode(
    bytes.subarray(8, 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))),
  );
  expect([...header.matchAll(/"([^"]+)":\{/g)].map(([, name]) => name)).toEqual([
    "__metadata__",
    "z",
    "10",
    "9",
    "a",
  ]);
  expect(bytes.length % 8).toBe(3);
});

test("a view into a larger buffer is written as the view", () => {
  const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
  expect([
    ...readSafetensors(writeSafetensors({ w: { shape: [2], dtype: "float32", data } })).tensors.w
      .data,
  ]).toEqual([1, 2]);
});

test.each([
  [
    "a shape that does not fit",
    { w: { ...f32(1, 2), shape: [3] } },
    {},
    'tensor "w": expected 3 values for shape [3], got 2',
  ],
  ["a negative size", { w: { ...f32(1, 2), shape: [-1, -2] } }, {}, "for shape [-1, -2], got 2"],
  [
    "a dtype that is not the array's",
    { w: { shape: [1], dtype: "int32", data: Float32Array.of(1) } as NDArray },
    {},
    "got int32 Float32Array",
  ],
  [
    "the name that the format keeps",
    { __metadata__: f32(1) },
    {},
    "expected tensors with names of their own",
  ],
  ["half a surrogate", { "\ud800": f32(1) }, {}, "half of a surrogate pair"],
  [
    "metadata in the place of a digest",
    {},
    { "tenon.sha256/w": "x" },
    'expected metadata without the names of digests, got "tenon.sha256/w"',
  ],
  [
    "metadata that is no text",
    {},
    { step: 12 as unknown as string },
    "expected metadata to be strings, got 12; use JSON.stringify",
  ],
])("refuses %s", (_, tensors, metadata, message) => {
  expect(() => writeSafetensors(tensors, metadata)).toThrow(message);
  expect(() => writeSafetensors(tensors, metadata)).toThrow(/^writeSafetensors: /);
});

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("__proto__", "constructor", "toString", "0", "1/kernel", '"', "\\", "\u2028", ""),
);
const shape = fc.array(fc.nat(3), { maxLength: 3 });
const array: fc.Arbitrary<NDArray> = fc
  .tuple(
    shape,
    fc.constantFrom(
      "float32 Float32Array",
      "float32 Float64Array",
      "int32 Int32Array",
      "int32 Uint8Array",
    ),
    fc.infiniteStream(fc.nat(255)),
  )
  .map(([sizes, kind, bytes]) => {
    const count = sizes.reduce((product, size) => product * size, 1);
    const raw = (width: number): ArrayBuffer =>
      Uint8Array.from({ length: count * width }, () => bytes.next().value!).buffer;
    if (kind === "float32 Float32Array")
      return { shape: sizes, dtype: "float32", data: new Float32Array(raw(4)) };
    if (kind === "float32 Float64Array")
      return { shape: sizes, dtype: "float32", data: new Float64Array(raw(8)) };
    if (kind === "int32 Int32Array")
      return { shape: sizes, dtype: "int32", data: new Int32Array(raw(4)) };
    return { shape: sizes, dtype: "int32", data: new Uint8Array(raw(1)) };
  });

test("what is written is read back, bit for bit", () => {
  const name = text.filter((it) => it !== "__metadata__");
  const bits = ({ shape: sizes, dtype, data }: NDArray): unknown => [
    sizes,
    dtype,
    data[Symbol.toStringTag],
    [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
  ];
  fc.assert(
    fc.property(
      fc.dictionary(name, array, { maxKeys: 5, noNullPrototype: false }),
      fc.dictionary(text, text, { maxKeys: 3 }),
      (tensors, metadata) => {
        const bytes = writeSafetensors(tensors, metadata);
        const back = readSafetensors(bytes);
        expect(Object.keys(back.tensors).sort()).toEqual(Object.keys(tensors).sort());
        for (const key of Object.keys(tensors))
          expect(bits(back.tensors[key])).toEqual(bits(tensors[key]));
        expect(Object.entries(back.metadata).sort()).toEqual(Object.entries(metadata).sort());
        expect(writeSafetensors(back.tensors, back.metadata)).toEqual(bytes);
      },
    ),
    { numRuns: 500 },
  );
});
