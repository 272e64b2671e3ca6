import type { Batch, Elements } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { digestOf } from "./index.js";

const batchOf = (x: Elements, y: Elements): Batch => ({
  x: { shape: [y.length, x.length / y.length], dtype: "float32", data: x },
  y: { shape: [y.length], dtype: "int32", data: y },
});
const bytes = Uint8Array.from({ length: 50 }, (_, i) => (i * 37) % 256);
const labels = Int32Array.from({ length: 10 }, (_, i) => i % 3);
const digest = async (x: Elements, y: Elements = labels): Promise<string> =>
  digestOf([batchOf(x, y)]);

test("is MurmurHash3 with 32 bits in its first lane", async () => {
  // No value but the header's, by the algorithm as its author wrote it down, in integers that do
  // not overflow.
  const rotl = (x: bigint, r: bigint): bigint => ((x << r) | (x >> (32n - r))) & 0xffffffffn;
  const low = 0xffffffffn;
  let h = 0x9747b28cn;
  const take32 = (k: bigint): void => {
    h =
      (rotl(h ^ ((rotl((k * 0xcc9e2d51n) & low, 15n) * 0x1b873593n) & low), 13n) * 5n +
        0xe6546b64n) &
      low;
  };
  const takeAll = (part: Uint8Array, kind: string): void => {
    const whole = part.length & ~3;
    for (let i = 0; i < whole; i += 4) take32(BigInt(new DataView(part.buffer).getUint32(i, true)));
    for (const byte of part.subarray(whole)) take32(BigInt(byte));
    take32(BigInt(part.length));
    take32(BigInt(kind.charCodeAt(0)));
  };
  const header = "[[1,1],[1]]";
  takeAll(
    Uint8Array.from([...header].flatMap((letter) => [letter.charCodeAt(0), 0])),
    "Uint16Array",
  );
  takeAll(new Uint8Array(Float32Array.of(1.5).buffer), "Float32Array");
  takeAll(Uint8Array.of(7), "Uint8Array");
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) & low;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & low;
  h ^= h >> 16n;
  const identity = await digest(Float32Array.of(1.5), Int32Array.of(7));
  expect(identity).toMatch(/^[0-9a-f]{16}$/);
  expect(identity.slice(0, 8)).toBe(h.toString(16).padStart(8, "0"));
});

test("batches, shapes and weights make another one; where the bytes lie does not", async () => {
  const one = batchOf(bytes, labels);
  const shifted = new Uint8Array(53).subarray(3); // not where 32 bits may be read at once
  shifted.set(bytes);
  expect(await digest(shifted)).toBe(await digest(bytes));
  const weights = { shape: [10], dtype: "float32", data: new Float32Array(10) } as const;
  const others = [
    [one, one],
    [],
    [{ ...one, x: { ...one.x, shape: [10, 5, 1] } }],
    [{ ...one, weights }],
    [{ ...one, x: one.y, y: one.x }],
  ];
  const all = [[one], ...others].map((batches) => digestOf(batches));
  expect(new Set(await Promise.all(all)).size).toBe(6);
});

test("refuses what are no batches", async () => {
  for (const wrong of [undefined, null, 3, {}] as never[])
    await expect(digestOf(wrong)).rejects.toThrow(
      "digestOf: expected an iterable of batches { x, y }, got",
    );
});

test("it lets others have a turn", async () => {
  let clock = 0;
  let turns = 0;
  let open = true;
  const watch = vi.spyOn(performance, "now").mockImplementation(() => (clock += 30));
  const tick = (): void => {
    turns++;
    if (open) setImmediate(tick);
  };
  setImmediate(tick);
  const part = batchOf(new Uint8Array(1 << 20), new Uint8Array(1));
  await digestOf(Array.from({ length: 8 }, () => part));
  open = false;
  watch.mockRestore();
  expect(turns).toBeGreaterThanOrEqual(3);
});

test("the same values are the same however they are stored, and others are not", async () => {
  const kinds = [Float64Array, Float32Array, Int32Array, Uint8Array] as const;
  const held = (values: readonly number[]): Elements[] =>
    kinds
      .map((kind) => kind.from(values))
      .filter((array) => values.every((value, i) => Object.is(array[i], value)));
  const value = fc.oneof(
    fc.constantFrom(
      0,
      -0,
      1,
      255,
      256,
      -1,
      2 ** 31,
      -(2 ** 31),
      1.5,
      0.1,
      Math.fround(0.1),
      NaN,
      Infinity,
      -Infinity,
      2 ** 53,
    ),
    fc.integer({ min: 0, max: 255 }),
    fc.integer(),
    fc.double(),
  );
  const textOf = new Map<string, string>();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 10, maxLength: 10 }),
        fc.array(value, { minLength: 10, maxLength: 10 }),
      ),
      async (values) => {
        const all = new Set(await Promise.all(held(values).map((array) => digest(array))));
        expect(all.size).toBe(1);
        const [one] = all;
        const text = values.map((x) => (Object.is(x, -0) ? "-0" : String(x))).join();
        expect(textOf.get(one!) ?? text).toBe(text);
        textOf.set(one!, text);
      },
    ),
  );
  for (const kind of kinds)
    expect(await digest(bytes, kind.from(labels))).toBe(await digest(bytes));
  // The bits of floats are not taken for integers.
  const floats = Float32Array.from({ length: 10 }, (_, i) => i + 0.5);
  expect(await digest(floats)).not.toBe(await digest(new Int32Array(floats.buffer)));
});
