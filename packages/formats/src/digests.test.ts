import { expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "./index.js";
import { bytesOf, eight, file, w } from "./internal/testing.js";

const pair = {
  "a/kernel": { shape: [2, 2], dtype: "float32" as const, data: Float32Array.of(1, 2, 3, 4) },
  "0": { shape: [3], dtype: "int32" as const, data: Uint8Array.of(1, 2, 3) },
};

test("any bit of a file of ours that is flipped is noticed; where it is an array's, the array is named", () => {
  const good = writeSafetensors(pair, { note: "x" });
  const data = good.length - 19;
  for (let bit = 0; bit < 8 * good.length; bit++) {
    const bytes = good.slice();
    bytes[bit >> 3] ^= 1 << (bit & 7);
    const named =
      bit >= 8 * (data + 16)
        ? 'tensor "0" is damaged: expected bytes with sha256 '
        : bit >= 8 * data
          ? 'tensor "a/kernel" is damaged'
          : "readSafetensors: ";
    expect(() => readSafetensors(bytes), `bit ${bit}`).toThrow(named);
  }
});

test("detects swapped arrays, shapes and metadata; the order in the file does not matter", () => {
  const text = new TextDecoder().decode(
    writeSafetensors(
      {
        b: { ...pair["a/kernel"], shape: [4] },
        a: { ...pair["a/kernel"], data: Float32Array.of(4, 3, 2, 1) },
      },
      { n: "1" },
    ),
  );
  const header = JSON.parse(text.slice(8, text.lastIndexOf("}") + 1)) as Record<
    string,
    { data_offsets: number[]; shape: number[] } & Record<string, string>
  >;
  const data = bytesOf(Float32Array.of(4, 3, 2, 1, 1, 2, 3, 4));
  expect([...readSafetensors(file(header, data)).tensors.b.data]).toEqual([1, 2, 3, 4]);
  const { a, b, __metadata__: notes } = header;
  const moved = file(
    {
      b: { ...b, data_offsets: [0, 16] },
      a: { ...a, data_offsets: [16, 32] },
      __metadata__: notes,
    },
    bytesOf(Float32Array.of(1, 2, 3, 4, 4, 3, 2, 1)),
  );
  expect([...readSafetensors(moved).tensors.b.data]).toEqual([1, 2, 3, 4]);
  const exchanged = {
    ...header,
    a: { ...a, data_offsets: b.data_offsets },
    b: { ...b, data_offsets: a.data_offsets },
  };
  expect(() => readSafetensors(file(exchanged, data))).toThrow('tensor "b" is damaged');
  for (const wrong of [
    { ...header, b: { ...b, shape: [2, 2] } },
    { ...header, __metadata__: { ...notes, n: "2" } },
    { a: b, b: a, __metadata__: notes },
  ]) {
    expect(() => readSafetensors(file(wrong, data))).toThrow("the header is damaged");
  }
});

test("digests are no metadata, and a file of another tool needs none", () => {
  expect(Object.keys(readSafetensors(writeSafetensors(pair, { note: "x" })).metadata)).toEqual([
    "note",
  ]);
  expect([
    ...readSafetensors(file({ __metadata__: { sha256: "no digest of ours" }, w }, eight)).tensors.w
      .data,
  ]).toEqual([1.5, -2]);
});
