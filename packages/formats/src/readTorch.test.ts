import fc from "fast-check";
import { expect, test } from "vitest";
import { fixture } from "./internal/testing.js";
import { zipped } from "./internal/zip.js";
import { readTorch } from "./index.js";

const quarters = Array.from({ length: 12 }, (_, i) => i / 4);

test("reads every kind of tensor that PyTorch wrote, also views", () => {
  const { tensors } = readTorch(fixture("kinds.pt"));
  const float = (shape: readonly number[], data: readonly number[]): object => ({
    shape,
    dtype: "float32",
    data: Float32Array.from(data),
  });
  const integer = (data: readonly number[]): object => ({
    shape: [data.length],
    dtype: "int32",
    data: Int32Array.from(data),
  });
  expect({ ...tensors }).toEqual({
    f32: float([3, 4], quarters),
    transposed: float(
      [4, 3],
      [0, 1, 2, 3].flatMap((column) => [0, 4, 8].map((row) => (row + column) / 4)),
    ),
    slice: float([2, 2], [1, 1.5, 2, 2.5]),
    f64: { shape: [3, 4], dtype: "float32", data: Float64Array.from(quarters) },
    f16: float([3, 4], quarters),
    bf16: float([3, 4], quarters),
    i64: integer([-5, 2147483647]),
    i32: integer([7]),
    i16: integer([-300]),
    i8: integer([-7]),
    u8: { shape: [1], dtype: "int32", data: Uint8Array.of(200) },
    bool: integer([1, 0]),
    scalar: float([], [1.5]),
    empty: float([0, 3], []),
    parameter: float([2], [1, 1]),
  });
});

test("names of what is inside are joined by dots; numbers and texts are metadata", () => {
  const { tensors, metadata } = readTorch(fixture("checkpoint.pt"));
  expect(Object.keys(tensors).slice(0, 3)).toEqual([
    "model.conv1.weight",
    "model.conv1.bias",
    "model.norm.weight",
  ]);
  expect({ ...metadata }).toEqual({
    epoch: "3",
    best: "0.5",
    name: '"cnn"',
    done: "true",
    "tags.0": '"a"',
    "tags.1": "null",
  });
});

test("nothing that a file names is run", () => {
  expect(() => readTorch(fixture("evil.pt"))).toThrow(
    /^readTorch: it names "(posix|nt)\.system", which is no part of a tensor; nothing of it was run/,
  );
});

/** An archive with this pickle. */
const torchFile = (
  pickle: readonly number[],
  more: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array => zipped({ "x/data.pkl": Uint8Array.from(pickle), ...more });
const text = (word: string): number[] => [0x8c, word.length, ...new TextEncoder().encode(word)];
const line = (word: string): number[] => [...new TextEncoder().encode(`${word}\n`)];
/** torch._utils._rebuild_tensor_v2((storage of n floats), offset, size, stride). */
const tensor = (n: number, offset: number, size: number, stride: number): number[] => [
  ...[0x63, ...line("torch._utils"), ...line("_rebuild_tensor_v2"), 0x28],
  ...[
    0x28,
    ...text("storage"),
    0x63,
    ...line("torch"),
    ...line("FloatStorage"),
    ...text("0"),
    ...text("cpu"),
    0x4b,
    n,
    0x74,
    0x51,
  ],
  ...[0x4b, offset, 0x4b, size, 0x85, 0x4b, stride, 0x85, 0x74, 0x52],
];
const dictionary = (value: readonly number[]): number[] => [
  0x80,
  2,
  0x7d,
  ...text("w"),
  ...value,
  0x73,
  0x2e,
];
const floats = { "x/data/0": new Uint8Array(Float32Array.of(1, 2, 3).buffer) };

test("a tensor is a view of its storage, and stays in it", () => {
  expect(readTorch(torchFile(dictionary(tensor(3, 1, 2, 1)), floats)).tensors["w"]!.data).toEqual(
    Float32Array.of(2, 3),
  );
  const wrong: readonly (readonly [Uint8Array, string])[] = [
    [
      torchFile(dictionary(tensor(3, 2, 2, 1)), floats),
      "a tensor of size [2] that reaches out of its 3 elements",
    ],
    [
      torchFile(dictionary(tensor(3, 0, 2, 3)), floats),
      "a tensor of size [2] that reaches out of its 3 elements",
    ],
    [torchFile(dictionary(tensor(4, 0, 2, 1)), floats), 'expected 16 bytes in "x/data/0", got 12'],
    [torchFile(dictionary(tensor(3, 0, 2, 1))), 'expected "x/data/0" in the archive, got none'],
    [
      torchFile(dictionary(tensor(3, 0, 2, 1)), {
        ...floats,
        "x/byteorder": new TextEncoder().encode("big"),
      }),
      'expected numbers whose low byte is first, got byte order "big"',
    ],
    [torchFile([0x80, 2, 0x7d, 0x2e]), "expected tensors, got none; save module.state_dict()"],
    [
      torchFile([0x80, 2, 0x63, ...line("__main__"), ...line("Net"), 0x2e]),
      'it names "__main__.Net", which is no part of a tensor',
    ],
    [
      torchFile([0x80, 4, ...text("builtins"), ...text("eval"), 0x93, 0x2e]),
      'it names "builtins.eval"',
    ],
    [
      torchFile([0x80, 2, 0x63, ...line("__proto__"), ...line("x"), 0x2e]),
      'it names "__proto__.x"',
    ],
    [torchFile([0x80, 2, 0x2e]), "the pickle takes from an empty stack"],
    [
      torchFile([0x80, 2, 0x5d, 0x4b, 1, 0x4b, 2, 0x73]),
      "the pickle puts items into what is no dictionary",
    ],
    [torchFile([0x80, 2, 0x69]), "tensors do not need opcode 0x69 of a pickle"],
    [torchFile([0x80, 2, 0x58, 255, 255, 255, 255, 1]), "the pickle is cut short"],
    [torchFile([0x80, 2, 0x68, 3]), "the pickle recalls what it has not stored"],
    [torchFile([0x80, 2, 0x4b, 1, 0x29, 0x52]), "the pickle calls what is no function"],
    [
      zipped({ a: Uint8Array.of(1) }),
      "expected data.pkl in the archive, as torch.save writes it, got none",
    ],
  ];
  for (const [file, message] of wrong)
    expect(() => readTorch(file)).toThrow(`readTorch: ${message}`);
});

test("no damage leads to anything else than a refusal or tensors", () => {
  const whole = fixture("cnn.pt");
  const attempt = (file: Uint8Array): void => {
    try {
      readTorch(file);
    } catch (error) {
      expect((error as Error).message).toMatch(/^readTorch: /);
    }
  };
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => {
      expect(() => readTorch(whole.slice(0, length))).toThrow(/^readTorch: /);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.nat(255), { maxLength: 40 }), (pickle) =>
      attempt(torchFile(pickle, floats)),
    ),
    { numRuns: 500 },
  );
  const valid = dictionary(tensor(3, 1, 2, 1));
  fc.assert(
    fc.property(fc.nat(valid.length - 1), fc.nat(255), (place, value) =>
      attempt(
        torchFile(
          valid.map((byte, i) => (i === place ? value : byte)),
          floats,
        ),
      ),
    ),
    { numRuns: 1000 },
  );
});
