import type { Batch, Elements } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { dataset, prefetch, rescale, split, subset, take, toUnit } from "./index.js";

const batchOf = (
  x: Elements,
  y: Elements,
  shape: readonly number[] = [x.length / y.length],
): Batch => ({
  x: { shape: [y.length, ...shape], dtype: "float32", data: x },
  y: { shape: [y.length], dtype: "int32", data: y },
});
const bytes = Uint8Array.from({ length: 50 }, (_, i) => (i * 37) % 256);
const labels = Int32Array.from({ length: 10 }, (_, i) => i % 3);

test("is MurmurHash3 with 32 bits in its first lane", async () => {
  // No value but the header's, by the algorithm as its author wrote it down, in integers that do
  // not overflow.
  const data = dataset(batchOf(Float32Array.of(1.5), Int32Array.of(7)));
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
  const header = "[1,[1],[],null]";
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
  const identity = await data.identity();
  expect(identity).toMatch(/^[0-9a-f]{16}$/);
  expect(identity.slice(0, 8)).toBe(h.toString(16).padStart(8, "0"));
});

test("the same examples in the same order have the same one, however they are held", async () => {
  const whole = dataset(batchOf(bytes, labels));
  const identity = await whole.identity();
  const shifted = new Uint8Array(53).subarray(3); // not where 32 bits may be read at once
  shifted.set(bytes);
  expect(await dataset(batchOf(shifted, labels)).identity()).toBe(identity);
  expect(await take(whole, 10).identity()).toBe(identity);
  expect(
    await subset(
      subset(whole, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
      [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ).identity(),
  ).toBe(identity);
  expect(await prefetch(whole, 2).identity!()).toBe(identity);
  const { train } = split(whole, { validation: 3, seed: 1 });
  const { x, y } = train.gather([0, 1, 2, 3, 4, 5, 6]);
  expect(await dataset({ x, y }).identity()).toBe(await train.identity());
});

test("a bit anywhere, the order, the shape and the units make another one", async () => {
  const whole = dataset(batchOf(bytes, labels));
  const identity = await whole.identity();
  const others = [
    take(whole, 9),
    subset(whole, [1, 0, 2, 3, 4, 5, 6, 7, 8, 9]),
    rescale(whole, toUnit()),
    rescale(whole, toUnit({ max: 254 })),
    dataset(batchOf(bytes, labels, [5, 1])),
    dataset(
      batchOf(
        Float32Array.from(bytes, (x) => -x),
        labels,
      ),
    ),
    dataset(
      batchOf(
        Float32Array.from(bytes, (x) => x / 2),
        labels,
      ),
    ),
  ];
  const all = [identity, ...(await Promise.all(others.map((other) => other.identity())))];
  expect(new Set(all).size).toBe(all.length);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(50 * 8 - 1), { minLength: 1, maxLength: 3 }),
      async (flips) => {
        const changed = bytes.slice();
        for (const flip of flips) changed[flip >> 3]! ^= 1 << (flip & 7);
        expect(await dataset(batchOf(changed, labels)).identity()).not.toBe(identity);
      },
    ),
  );
  for (let i = 0; i < 10; i++)
    expect(
      await dataset(
        batchOf(
          bytes,
          labels.map((label, k) => (k === i ? label + 1 : label)),
        ),
      ).identity(),
    ).not.toBe(identity);
});

test("values that were changed in place change the identity", async () => {
  const copied = bytes.slice();
  const whole = dataset(batchOf(copied, labels));
  const before = await whole.identity();
  copied[7]! ^= 1;
  expect(await whole.identity()).not.toBe(before);
  copied[7]! ^= 1;
  expect(await whole.identity()).toBe(before);
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
  await dataset(batchOf(new Uint8Array(8 << 20), new Uint8Array(8))).identity(); // eight portions
  open = false;
  watch.mockRestore();
  expect(turns).toBeGreaterThanOrEqual(3);
});

test("the same values are the same however they are stored, and others are not", async () => {
  const kinds = [Float64Array, Float32Array, Int32Array, Uint8Array] as const;
  const identity = async (x: Elements, y: Elements = labels): Promise<string> =>
    dataset(batchOf(x, y)).identity();
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
        const all = new Set(await Promise.all(held(values).map((array) => identity(array))));
        expect(all.size).toBe(1);
        const [one] = all;
        const text = values.map((x) => (Object.is(x, -0) ? "-0" : String(x))).join();
        expect(textOf.get(one!) ?? text).toBe(text);
        textOf.set(one!, text);
      },
    ),
  );
  for (const kind of kinds)
    expect(await identity(bytes, kind.from(labels))).toBe(await identity(bytes));
  // Portions are the same too where there are several, of which only one holds what is no byte.
  const many = Float64Array.from({ length: 3 << 20 }, (_, i) => (i === 2_000_000 ? 1e9 : i % 256));
  const rows = new Uint8Array(3 << 10);
  expect(await identity(many, rows)).toBe(await identity(Int32Array.from(many), rows));
  // The bits of floats are not taken for integers.
  const floats = Float32Array.from({ length: 10 }, (_, i) => i + 0.5);
  expect(await identity(floats)).not.toBe(await identity(new Int32Array(floats.buffer)));
});
