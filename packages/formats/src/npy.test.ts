import { refusal } from "@tenon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fixture } from "./internal/testing.js";
import { readNpy, readNpz, unzip, writeNpy, writeNpz } from "./index.js";

test.each(["arrays.npz", "packed.npz"])(
  "reads every kind of array that NumPy wrote into %s",
  (file) => {
    const { zeros, ...arrays } = readNpz(fixture(file));
    expect(arrays).toEqual({
      f4: { shape: [2, 3], dtype: "float32", data: Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5) },
      fortran: { shape: [2, 3], dtype: "float32", data: Float64Array.of(0, 1, 2, 3, 4, 5) },
      big: { shape: [2], dtype: "float32", data: Float32Array.of(1, 2.5) },
      f2: { shape: [2], dtype: "float32", data: Float32Array.of(0.5, -2) },
      i8: { shape: [2], dtype: "int32", data: Int32Array.of(3, -4) },
      u1: { shape: [2, 1], dtype: "int32", data: Uint8Array.of(255, 0) },
      flags: { shape: [2], dtype: "int32", data: Int32Array.of(1, 0) },
      scalar: { shape: [], dtype: "float32", data: Float32Array.of(2.5) },
    });
    if (zeros)
      expect(zeros).toEqual({ shape: [1000], dtype: "float32", data: new Float32Array(1000) });
    expect(readNpy(fixture("fortran.npy"))).toEqual(arrays["fortran"]);
  },
);

test("what is written is read back, bit for bit", () => {
  const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
  fc.assert(
    fc.property(
      shape,
      fc.constantFrom(Float32Array, Float64Array, Int32Array, Uint8Array),
      (sizes, kind) => {
        const count = sizes.reduce((a, b) => a * b, 1);
        const dtype =
          kind === Int32Array || kind === Uint8Array ? ("int32" as const) : ("float32" as const);
        const array = {
          shape: sizes,
          dtype,
          data: new kind(Array.from({ length: count }, (_, i) => (i * 37.25) % 200)),
        };
        expect(readNpy(writeNpy(array))).toEqual(array);
        const both = { "a/b": array, é: array };
        expect({ ...readNpz(writeNpz(both)) }).toEqual(both);
        expect(Object.keys(unzip(writeNpz(both)))).toEqual(["a/b.npy", "é.npy"]);
      },
    ),
  );
});

test("headers are NumPy's, to the byte", () => {
  // numpy.save of numpy.zeros(3, "<f4"): 128 bytes of header.
  const bytes = writeNpy({ shape: [3], dtype: "float32", data: new Float32Array(3) });
  expect(bytes.length).toBe(128 + 12);
  expect(new TextDecoder("latin1").decode(bytes.slice(0, 128))).toBe(
    `\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }${" ".repeat(60)}\n`,
  );
});

test("a file cut short anywhere, or with a bit flipped in its arrays, is refused", () => {
  const file = fixture("packed.npz");
  fc.assert(
    fc.property(fc.nat(file.length - 1), (length) => {
      expect(() => readNpz(file.slice(0, length))).toThrow(/^readNpz: /);
    }),
  );
  const whole = writeNpz({
    a: { shape: [4], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) },
  });
  for (let byte = 35; byte < 35 + 144; byte += 3) {
    const damaged = whole.slice();
    damaged[byte]! ^= 4;
    expect(() => readNpz(damaged)).toThrow(
      'readNpz: "a.npy": its checksum is wrong; it is damaged',
    );
  }
  const npy = fixture("fortran.npy");
  fc.assert(
    fc.property(fc.nat(npy.length - 1), (length) => {
      expect(() => readNpy(npy.slice(0, length))).toThrow(/^readNpy: /);
    }),
  );
});

test("no damage leads to anything else than a refusal or arrays", () => {
  const file = fixture("packed.npz");
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (changes) => {
        const damaged = file.slice();
        for (const [place, value] of changes) damaged[place] = value;
        try {
          readNpz(damaged);
        } catch (error) {
          expect((error as Error).message).toMatch(/^readNpz: /);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("what is no number, and archives that lie, are refused", () => {
  const header = (text: string): Uint8Array => {
    const bytes = new Uint8Array(10 + text.length);
    bytes.set([0x93, 78, 85, 77, 80, 89, 1, 0, text.length, 0]);
    bytes.set(new TextEncoder().encode(text), 10);
    return bytes;
  };
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => readNpy(header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }")),
      "readNpy: expected numbers of one of the kinds f8, f4",
    ],
    [
      () => readNpy(header("{'descr': '<f4', 'shape': (1,), }")),
      "readNpy: expected a header with fortran_order",
    ],
    [
      () => readNpy(header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }")),
      "readNpy: expected 4 bytes for shape [1] of <f4, got 0: the file is cut short",
    ],
    [() => readNpy(Uint8Array.of(1, 2)), "readNpy: expected a file that begins with \\x93NUMPY"],
    [() => readNpz(Uint8Array.of(80, 75)), "readNpz: expected a zip archive, got none"],
  ];
  for (const [call, message] of cases) expect(call).toThrow(message);
  // A gigabyte that the archive says is in few bytes.
  const bomb = fixture("packed.npz").slice();
  const view = new DataView(bomb.buffer);
  for (let at = 0; at < bomb.length - 4; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 2 ** 30, true);
  expect(() => unzip(bomb)).toThrow(
    /unzip: "f4.npy": \d+ bytes cannot hold the 1073741824 that the archive says/,
  );
});

test("arguments that make no sense are refused by name", () => {
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => writeNpy(3 as never),
      "writeNpy: expected an array { shape, dtype, data } with a typed array, got undefined",
    ],
    [
      () => writeNpy({ shape: [2], dtype: "float32", data: new Float32Array(3) }),
      "writeNpy: expected 2 values for shape [2], got 3",
    ],
    [() => writeNpz({ a: null as never }), 'writeNpz: array "a": expected an array'],
    [() => writeNpz([] as never), "writeNpz: expected arrays by name, such as { w }, got []"],
    [() => readNpz("x" as never), 'readNpz: expected bytes as a Uint8Array, got "x"'],
  ];
  for (const [call, message] of cases) expect(call).toThrow(refusal(message));
});
