import type { Batch, Elements } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dataset, prefetch, rescale, split, subset, take, toUnit } from "./index.js";
import { digest } from "./testing/digest.js";

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

test("the same examples in the same order have the same one, however they are held", async () => {
  const whole = dataset(batchOf(bytes, labels));
  const identity = await whole.identity(digest);
  const shifted = new Uint8Array(53).subarray(3); // not where 32 bits may be read at once
  shifted.set(bytes);
  expect(await dataset(batchOf(shifted, labels)).identity(digest)).toBe(identity);
  expect(await take(whole, 10).identity(digest)).toBe(identity);
  expect(
    await subset(
      subset(whole, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
      [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ).identity(digest),
  ).toBe(identity);
  expect(await prefetch(whole, 2).identity!(digest)).toBe(identity);
  const { train } = split(whole, { validation: 3, seed: 1 });
  const { x, y } = train.gather([0, 1, 2, 3, 4, 5, 6]);
  expect(await dataset({ x, y }).identity(digest)).toBe(await train.identity(digest));
});

test("a bit anywhere, the order, the shape and the units make another one", async () => {
  const whole = dataset(batchOf(bytes, labels));
  const identity = await whole.identity(digest);
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
  const all = [identity, ...(await Promise.all(others.map((other) => other.identity(digest))))];
  expect(new Set(all).size).toBe(all.length);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(50 * 8 - 1), { minLength: 1, maxLength: 3 }),
      async (flips) => {
        const changed = bytes.slice();
        for (const flip of flips) changed[flip >> 3]! ^= 1 << (flip & 7);
        expect(await dataset(batchOf(changed, labels)).identity(digest)).not.toBe(identity);
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
      ).identity(digest),
    ).not.toBe(identity);
});

test("values that were changed in place change the identity", async () => {
  const copied = bytes.slice();
  const whole = dataset(batchOf(copied, labels));
  const before = await whole.identity(digest);
  copied[7]! ^= 1;
  expect(await whole.identity(digest)).not.toBe(before);
  copied[7]! ^= 1;
  expect(await whole.identity(digest)).toBe(before);
});
